import type { Shop } from './shop';

/** A product as a test keeps it in mind. Words are lower-case ASCII; how they are written may differ. */
export interface KnownProduct {
  id: string;
  sku: string | null;
  name: string;
  description: string | null;
  attributes: Record<string, string | number | boolean>;
  categoryId: string | null;
  price: number;
  currency: keyof typeof DIGITS;
  stock: number;
  featured: boolean;
  status: 'active' | 'draft' | 'archived';
  isDeleted: boolean;
  /** Microseconds. */
  createdAt: number;
}

export interface KnownCategory {
  id: string;
  slug: string;
  name: string;
  parentId: string | null;
}

export interface Catalogue {
  categories: KnownCategory[];
  products: KnownProduct[];
}

/** Digits after the point. */
export const DIGITS = { USD: 2, EUR: 2, JPY: 0, KWD: 3 };

/** Amounts that all of these currencies have, and some that few have. */
export const AMOUNTS = [0, 1, 5, 19, 20, 100, 1200];
const FINE_AMOUNTS = { USD: [0.99, 19.99], EUR: [19.5, 19.99], JPY: [21], KWD: [0.125, 19.999] };

/** Random choices that come again with the seed. */
export class Dice {
  constructor(private state: number) {}

  /** 0 to `below` - 1. Mulberry32. */
  number(below: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  chance(percent: number): boolean {
    return this.number(100) < percent;
  }

  one<T>(values: readonly T[]): T {
    const value = values[this.number(values.length)];
    if (value === undefined) throw new RangeError('There is nothing to choose from');
    return value;
  }

  some<T>(values: readonly T[], most: number, fewest = 0): T[] {
    return Array.from({ length: fewest + this.number(most - fewest + 1) }, () => this.one(values));
  }

  uuid(): string {
    const hex = Array.from({ length: 32 }, () => this.number(16).toString(16)).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }
}

/** Categories in a tree, and 60 to 200 products of which many are alike in what they can be sorted by. */
export function randomCatalogue(dice: Dice, words: readonly string[]): Catalogue {
  const categories: KnownCategory[] = [];
  for (let n = 0; n < 1 + dice.number(9); n += 1) {
    const parentId = categories.length > 0 && dice.chance(70) ? dice.one(categories).id : null;
    categories.push({
      id: dice.uuid(),
      slug: `shelf-${n}`,
      name: written(dice.some(words, 2, 1), dice),
      parentId,
    });
  }
  const size = 60 + dice.number(140);
  return { categories, products: Array.from({ length: size }, () => randomProduct(dice, words, categories)) };
}

function randomProduct(
  dice: Dice,
  words: readonly string[],
  categories: readonly KnownCategory[],
): KnownProduct {
  const currency = dice.one(['USD', 'USD', 'EUR', 'JPY', 'KWD'] as const);
  return {
    id: dice.uuid(),
    sku: dice.chance(30) ? `${dice.one(words)}-${dice.uuid().slice(0, 8)}`.toUpperCase() : null,
    name: written(dice.some(words, 3, 1), dice),
    description: dice.chance(60) ? written(dice.some(words, 6, 1), dice) : null,
    attributes: Object.fromEntries(dice.some(words, 3).map((name) => [name, randomValue(dice, words)])),
    categoryId: dice.chance(80) ? dice.one(categories).id : null,
    price: dice.one([...AMOUNTS, ...FINE_AMOUNTS[currency]]),
    currency,
    stock: dice.chance(30) ? 0 : 1 + dice.number(5),
    featured: dice.chance(30),
    status: dice.one(['active', 'active', 'active', 'draft', 'archived'] as const),
    isDeleted: dice.chance(10),
    createdAt: 1_700_000_000_000_000 + dice.number(20),
  };
}

function randomValue(dice: Dice, words: readonly string[]): string | number | boolean {
  return dice.one([dice.chance(50), dice.number(40), written([dice.one(words)], dice)]);
}

const ACCENTS: Record<string, string> = { a: 'á', c: 'ç', e: 'è', i: 'ï', n: 'ñ', o: 'ö', u: 'û' };

/** The words as people write them: with capitals, accents and signs here and there. */
export function written(words: readonly string[], dice: Dice): string {
  const one = (word: string): string => {
    const accented = dice.chance(30)
      ? word.replace(/[aceinou]/, (letter) => ACCENTS[letter] ?? letter)
      : word;
    return dice.one([
      accented,
      accented,
      accented.toUpperCase(),
      accented[0]?.toUpperCase() + accented.slice(1),
    ]);
  };
  return words.map(one).join(dice.one([' ', ' ', ', ', ' - ', '/', ' & ']));
}

/** Replaces all of the shop's catalogue. */
export async function stock(shop: Shop, { categories, products }: Catalogue): Promise<void> {
  await shop.query('TRUNCATE products, categories, search_words CASCADE');
  await shop.query(
    `INSERT INTO categories (id, slug, name, parent_id)
     SELECT * FROM json_to_recordset($1) AS given (id uuid, slug text, name text, "parentId" uuid)`,
    [JSON.stringify(categories)],
  );
  await shop.query(
    `INSERT INTO products (id, slug, sku, name, description, attributes, category_id, price_minor, currency, stock,
            featured, status, deleted_at, created_at)
     SELECT id, id::text, sku, name, description, attributes, "categoryId", minor, currency, stock, featured, status,
            CASE WHEN "isDeleted" THEN now() END, timestamptz 'epoch' + "createdAt" * interval '1 microsecond'
       FROM json_to_recordset($1) AS given (id uuid, sku text, name text, description text, attributes jsonb,
            "categoryId" uuid, minor bigint, currency text, stock integer, featured boolean, status text,
            "isDeleted" boolean, "createdAt" bigint)`,
    [JSON.stringify(products.map((product) => ({ ...product, minor: minorOf(product) })))],
  );
}

function minorOf({ price, currency }: KnownProduct): number {
  return Math.round(price * 10 ** DIGITS[currency]);
}

/** The category with this id or slug, and all below it. */
export function branchOf({ categories }: Catalogue, idOrSlug: string): Set<string> {
  const wanted = idOrSlug.toLowerCase();
  const branch = new Set(
    categories.filter(({ id, slug }) => [id, slug].includes(wanted)).map(({ id }) => id),
  );
  for (const { id, parentId } of categories) if (parentId !== null && branch.has(parentId)) branch.add(id);
  return branch;
}
