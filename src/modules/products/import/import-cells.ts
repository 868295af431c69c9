import { isCurrency } from '../../../common/money/currency';
import { MAX_AMOUNT } from '../../../common/money/money';
import { hasUnstorableText } from '../../../common/validation/hostile-input';
import { PRODUCT_STATUSES, type ProductAttributes, type ProductStatus } from '../entities/product.entity';
import { parseCategoryPath } from './category-path';

/** Why a cell cannot be taken: the rest of a sentence that starts with the column's name. */
export class Refusal {
  constructor(readonly reason: string) {}
}

type CellParser<T> = (cell: string) => T | Refusal;

const MAX_STOCK = 1_000_000_000;
const MAX_ATTRIBUTES = 50;
const MAX_URL = 2_000;
const UNSTORABLE = new Refusal('must not hold NUL bytes or halves of characters.');

/** The word that clears a value. */
const NULL = 'null';

/** The word `null` clears the value. */
export function clearable<T, C>(parse: CellParser<T>, cleared: C): CellParser<T | C> {
  return (cell) => (cell === NULL ? cleared : parse(cell));
}

/** The word `null` is refused. */
export function required<T>(parse: CellParser<T>): CellParser<T> {
  return (cell) => (cell === NULL ? new Refusal('cannot be cleared.') : parse(cell));
}

/** Text of at most `max` characters. */
export function textCell(max: number): CellParser<string> {
  return (cell) => {
    if (hasUnstorableText(cell)) return UNSTORABLE;
    return isLonger(cell, max) ? new Refusal(`must be at most ${max} characters long.`) : cell;
  };
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
  const areNames = names.every((name) => name !== '' && !isLonger(name, 200));
  return areNames ? names : new Refusal('must be names of 1 to 200 characters, separated by " > ".');
}

export function imageUrlCell(cell: string): string | Refusal {
  if (hasUnstorableText(cell)) return UNSTORABLE;
  const isWeb = URL.canParse(cell) && ['http:', 'https:'].includes(new URL(cell).protocol);
  if (!isWeb) return new Refusal('must be a URL that starts with http:// or https://.');
  return isLonger(cell, MAX_URL) ? new Refusal(`must be at most ${MAX_URL} characters long.`) : cell;
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
  return Object.fromEntries(entries);
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

/** Counts characters, not UTF-16 units, and only where the units leave it open. */
function isLonger(text: string, max: number): boolean {
  return text.length > max && [...text].length > max;
}
