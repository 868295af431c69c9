import { isURL, maxLength } from 'class-validator';
import { isCurrency } from '../../../common/money/currency';
import { MAX_AMOUNT } from '../../../common/money/money';
import { hasUnstorableText } from '../../../common/validation/hostile-input';
import { isFlatAttributes, MAX_ATTRIBUTES, MAX_NAME, MAX_TEXT } from '../dto/attributes.validator';
import { IMAGE_URL, MAX_STOCK } from '../dto/product.dto';
import { PRODUCT_STATUSES, type ProductAttributes, type ProductStatus } from '../entities/product.entity';
import { parseCategoryPath } from './category-path';

/** Why a cell cannot be taken: the rest of a sentence that starts with the column's name. */
export class Refusal {
  constructor(readonly reason: string) {}
}

type TextParser<T> = (text: string) => T | Refusal;

/** Null for a cell that holds the word `null`. */
type CellParser<T> = (text: string | null) => T | Refusal;

const MAX_URL = 2_000;
/** Of categories: whoever reads the tree goes as deep. */
const MAX_LEVELS = 100;
const UNSTORABLE = new Refusal('must not hold NUL bytes or halves of characters.');

/** The word `null` clears the value. */
export function clearable<T, C>(parse: TextParser<T>, cleared: C): CellParser<T | C> {
  return (text) => (text === null ? cleared : parse(text));
}

/** The word `null` is refused. */
export function required<T>(parse: TextParser<T>): CellParser<T> {
  return (text) => (text === null ? new Refusal('cannot be cleared.') : parse(text));
}

/** Text of at most `max` characters, counted as the API counts them. */
export function textCell(max: number): TextParser<string> {
  return (cell) => {
    if (hasUnstorableText(cell)) return UNSTORABLE;
    return maxLength(cell, max) ? cell : new Refusal(`must be at most ${max} characters long.`);
  };
}

/** {@link textCell} that is not blank: an apostrophe that escapes nothing leaves nothing. */
export function nameCell(max: number): TextParser<string> {
  const parse = textCell(max);
  return (cell) => (cell === '' ? new Refusal('must not be blank.') : parse(cell));
}

/** An amount in major units. Its digits are checked later, against the product's currency. */
export function priceCell(cell: string): number | Refusal {
  if (!/^\d{1,12}(\.\d{1,6})?$/.test(cell)) return new Refusal('must be a decimal number such as 19.99.');
  const price = Number(cell);
  return price > MAX_AMOUNT ? new Refusal(`must not be more than ${MAX_AMOUNT}.`) : price;
}

export function currencyCell(cell: string): string | Refusal {
  return isCurrency(cell) ? cell : new Refusal('must be an ISO 4217 code such as USD.');
}

export function stockCell(cell: string): number | Refusal {
  const isInRange = /^\d{1,10}$/.test(cell) && Number(cell) <= MAX_STOCK;
  return isInRange ? Number(cell) : new Refusal(`must be a whole number from 0 to ${MAX_STOCK}.`);
}

export function categoryPathCell(cell: string): string[] | Refusal {
  if (hasUnstorableText(cell)) return UNSTORABLE;
  const names = parseCategoryPath(cell);
  if (names.length > MAX_LEVELS) return new Refusal(`must be at most ${MAX_LEVELS} names.`);
  const areNames = names.every((name) => name !== '' && maxLength(name, 200));
  return areNames ? names : new Refusal('must be names of 1 to 200 characters, separated by " > ".');
}

export function imageUrlCell(cell: string): string | Refusal {
  if (hasUnstorableText(cell)) return UNSTORABLE;
  if (!isWebUrl(cell)) return new Refusal('must be a URL that starts with http:// or https://.');
  return maxLength(cell, MAX_URL) ? cell : new Refusal(`must be at most ${MAX_URL} characters long.`);
}

/** What the API takes, and what else a browser does, such as a path with blanks: files from elsewhere have those. */
function isWebUrl(text: string): boolean {
  if (isURL(text, IMAGE_URL)) return true;
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

export function booleanCell(cell: string): boolean | Refusal {
  return cell === 'true' || cell === 'false' ? cell === 'true' : new Refusal('must be true or false.');
}

export function statusCell(cell: string): ProductStatus | Refusal {
  const found = PRODUCT_STATUSES.find((status) => status === cell);
  return found ?? new Refusal(`must be one of ${PRODUCT_STATUSES.join(', ')}.`);
}

export function attributesCell(cell: string): ProductAttributes | Refusal {
  const parsed = parseJson(cell);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return new Refusal('must be a JSON object such as {"color": "red"}.');
  }
  const entries: [string, unknown][] = Object.entries(parsed);
  if (entries.length > MAX_ATTRIBUTES) return new Refusal(`must have at most ${MAX_ATTRIBUTES} members.`);
  if (!entries.every(isFlat)) return new Refusal('must have strings, numbers and booleans only.');
  const texts = entries.flat().filter((part) => typeof part === 'string');
  if (texts.some(hasUnstorableText)) return UNSTORABLE;
  const attributes = Object.fromEntries(entries);
  return isFlatAttributes(attributes)
    ? attributes
    : new Refusal(`must have names of 1 to ${MAX_NAME} and texts of at most ${MAX_TEXT} characters.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Numbers past what JSON can write, such as 1e999, are no numbers. */
function isFlat(entry: [string, unknown]): entry is [string, string | number | boolean] {
  const [key, value] = entry;
  return key !== '__proto__' && (['string', 'boolean'].includes(typeof value) || Number.isFinite(value));
}
