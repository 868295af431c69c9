import { type Catalogue, type KnownProduct } from './catalogue';

/*
 * What a search finds, by looking at every product. It says the same as the SQL in the plainest way that there is.
 */

/** The words of a text as they are compared. */
export function wordsOf(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/[\p{M}'’]/gu, '')
    .toLowerCase();
  return plain.split(/[^a-z0-9]+/).filter((word) => word !== '');
}

/** Where a word is in a product, the best first. */
export const PLACES = ['name', 'begun name', 'category', 'attributes', 'description'] as const;

type Place = (typeof PLACES)[number];

export interface Expected {
  match?: 'similar' | 'some';
  products: KnownProduct[];
}

interface Wanted {
  word: string;
  /** One letter is a whole word, unless it is the last that was typed. */
  isWhole: boolean;
  /** Words of the catalogue that count as well. */
  similar: readonly string[];
}

export class SearchModel {
  private readonly vocabulary: Set<string>;
  private readonly nameOf: Map<string, string>;

  constructor(private readonly catalogue: Catalogue) {
    const { categories, products } = catalogue;
    this.nameOf = new Map(categories.map(({ id, name }) => [id, name]));
    const texts = products.flatMap(({ name, sku, description }) => [name, sku ?? '', description ?? '']);
    const others = [...products.map(attributesText), ...categories.map(({ name }) => name)];
    this.vocabulary = new Set([...texts, ...others].flatMap(wordsOf));
  }

  /** What a search for `q` finds, in no order. */
  find(q: string): Expected {
    const typed = wordsOf(q);
    const words = [...new Set(typed)].map((word): Wanted => {
      return { word, isWhole: word.length === 1 && word !== typed.at(-1), similar: [] };
    });
    // One of several words that the catalogue has means itself.
    const isMeant = ({ word }: Wanted): boolean => words.length > 1 && this.vocabulary.has(word);
    const meant = words.map((wanted) =>
      isMeant(wanted) ? wanted : { ...wanted, similar: this.similarTo(wanted.word) },
    );
    const all = this.having(words, 'every');
    if (all.length > 0) return { products: all };
    const similar = this.having(meant, 'every');
    if (similar.length > 0) return { match: 'similar', products: similar };
    // A word that the catalogue knows means itself.
    const some = this.having(
      words.map((wanted, index) => (this.isKnown(wanted.word) ? wanted : (meant[index] ?? wanted))),
      'some',
    );
    return words.length > 1 && some.length > 0 ? { match: 'some', products: some } : { products: [] };
  }

  /** The best place of a word in a product, as a number; -1 where it is in none. */
  placeOf(word: string, product: KnownProduct): number {
    return this.place({ word, isWhole: false, similar: [] }, product);
  }

  private having(words: readonly Wanted[], quantity: 'every' | 'some'): KnownProduct[] {
    return this.catalogue.products.filter(
      (product) =>
        product.status === 'active' &&
        !product.isDeleted &&
        words[quantity]((wanted) => this.place(wanted, product) !== -1),
    );
  }

  private place({ word, isWhole, similar }: Wanted, product: KnownProduct): number {
    const fits = (other: string): boolean =>
      (isWhole ? other === word : other.startsWith(word)) || similar.includes(other);
    const nameAndSku = wordsOf(`${product.name} ${product.sku ?? ''}`);
    const found: Record<Place, boolean> = {
      name: nameAndSku.includes(word),
      'begun name': nameAndSku.some(fits),
      category: wordsOf(this.nameOf.get(product.categoryId ?? '') ?? '').some(fits),
      attributes: wordsOf(attributesText(product)).some(fits),
      description: wordsOf(product.description ?? '').some(fits),
    };
    return PLACES.findIndex((place) => found[place]);
  }

  private isKnown(word: string): boolean {
    return [...this.vocabulary].some((known) => known.startsWith(word));
  }

  private similarTo(word: string): string[] {
    return [...this.vocabulary].filter((known) => /^[a-z]+$/.test(known) && isMisspelling(word, known));
  }
}

/** Strings and numbers, and the names of what is true. */
function attributesText({ attributes }: KnownProduct): string {
  return Object.entries(attributes)
    .map(([name, value]) => (value === true ? name : value === false ? '' : String(value)))
    .join(' ');
}

/** Whether what was typed may stand for the word or for its beginning: from 4 letters on with one typo, from 8 with two. */
export function isMisspelling(typed: string, known: string): boolean {
  if (typed.length < 4 || /\d/.test(typed)) return false;
  return Array.from({ length: known.length }, (_, index) => index + 1).some((size) => {
    const allowed = Math.min(2, Math.floor(Math.max(typed.length, size) / 4));
    const isLongEnough = size >= 4 || size === known.length;
    return isLongEnough && distance(typed, known.slice(0, size)) <= allowed;
  });
}

/** Letters that are inserted, deleted, replaced or swapped with their neighbour, each once. */
export function distance(left: string, right: string): number {
  const rows: number[][] = [];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity;
  for (let i = 0; i <= left.length; i += 1) {
    rows.push([]);
    for (let j = 0; j <= right.length; j += 1) {
      const [last, other] = [left.slice(0, i), right.slice(0, j)];
      const replaced = at(i - 1, j - 1) + (last.at(-1) === other.at(-1) ? 0 : 1);
      const swapped = areSwapped(last.slice(-2), other.slice(-2)) ? at(i - 2, j - 2) + 1 : Infinity;
      const steps = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced, swapped);
      rows[i]?.push(i + j === 0 ? 0 : steps);
    }
  }
  return at(left.length, right.length);
}

function areSwapped(left: string, right: string): boolean {
  return left.length === 2 && left[0] === right[1] && left[1] === right[0];
}
