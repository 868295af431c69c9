import type { SqlFilter } from '../../../common/database/sql';
import type { SortTerm } from '../../../common/lists/sort-order';
import type { Match, SearchTerms, SearchWord } from './search-words';

/*
 * Searches as tsquery text over products.search, whose lexemes are words, `/word` for a word of the name, `=sku` for
 * the whole sku and `#id` for the category.
 */

/** What the best place of a word in a product counts for; in the description it counts for 1. */
const POINTS = { wholeInName: 24, name: 20, category: 8, attributes: 2 };

/**
 * How a query names the words that begin with what was typed. `named` word by word, which is what the index is
 * quick at; as a `prefix`, which is quick to check on one product.
 */
type Prefixes = 'named' | 'prefix';

/** Leaves the products that match, found by the index. */
export function addMatch(filter: SqlFilter, terms: SearchTerms, match: Match): void {
  const telling = tellingWords(terms);
  if (terms.words.length === 0) filter.add('false');
  else if (telling.length === 0) filter.add(INDEXED, matchQuery(terms, match, 'prefix'));
  else {
    filter.add(INDEXED, joined(telling, match, 'named'));
    if (match !== 'some' && telling.length < terms.words.length) addMatchCheck(filter, terms, match);
  }
}

/** Leaves the products that match, looked at one by one: for reading in the order of another index. */
export function addMatchCheck(filter: SqlFilter, terms: SearchTerms, match: Match): void {
  filter.add(CHECKED, matchQuery(terms, match, 'prefix'));
}

/**
 * What of a very broad search is shown first: products with the words in their name, or with two of the words where
 * some are enough, and the one with that sku. Null when the words tell too little.
 */
export function bestQuery(terms: SearchTerms, match: Match, prefixes: Prefixes): string | null {
  const telling = tellingWords(terms);
  if (telling.length === 0) return null;
  if (match !== 'some' || telling.length < 2) return anyOf([nameQuery(telling, prefixes), skuQuery(terms)]);
  const queries = telling.map((word) => wordQuery(word, prefixes));
  const pairs = queries.flatMap((query, index) =>
    queries.slice(index + 1).map((other) => `(${query} & ${other})`),
  );
  return anyOf([...pairs, skuQuery(terms)]);
}

/** Finds products whose name has every word. */
export function nameQuery(words: readonly SearchWord[], prefixes: Prefixes): string {
  return words.map((word) => anyOf(spellings(word, '/', prefixes))).join(' & ');
}

/** The condition with which the full-text index finds products. */
export const INDEXED = 'p.search @@ ?::tsquery';

/** The same as a function, of which the planner does not think as a way to find products. */
export const CHECKED = 'ts_match_vq(p.search, ?::tsquery)';

/** Finds products with every word, or with some of those that tell something for a match of `some`. */
function matchQuery(terms: SearchTerms, match: Match, prefixes: Prefixes): string {
  const telling = match === 'some' ? tellingWords(terms) : [];
  return joined(telling.length > 0 ? telling : terms.words, match, prefixes);
}

function joined(words: readonly SearchWord[], match: Match, prefixes: Prefixes): string {
  return words.map((word) => wordQuery(word, prefixes)).join(match === 'some' ? ' | ' : ' & ');
}

/** The index is left to these; for the others products are checked. */
function tellingWords({ words }: SearchTerms): SearchWord[] {
  return words.filter(({ isTelling }) => isTelling);
}

/** Finds the product whose sku is what was typed. */
export function skuQuery({ text }: SearchTerms): string {
  return lexeme(`=${text.replaceAll(' ', '-').slice(0, 64)}`);
}

/** The order of relevance: an exact sku, the number of words where some may lack, the best fields, what is in stock, the newest. */
export function relevanceOrder(terms: SearchTerms, match: Match, filter: SqlFilter): SortTerm[] {
  const finds = (query: string): string => `p.search @@ ${filter.parameter(query)}::tsquery`;
  const countOf = (word: SearchWord): string => `(${finds(wordQuery(word, 'prefix'))})::int`;
  const sum = (expressions: readonly string[]): SortTerm => descending(expressions.join(' + '), 'integer');
  return [
    descending(finds(skuQuery(terms)), 'boolean'),
    ...(match === 'some' ? [sum(terms.words.map(countOf))] : []),
    sum(terms.words.map((word) => pointsOf(word, finds))),
    ...PLAIN_RELEVANCE,
  ];
}

/**
 * What a word says for a product. It depends on nothing but the two, unlike a ts_rank, which is divided by all that a
 * query names: so the place of a product stays when words or categories come up that are spelt alike.
 */
function pointsOf(word: SearchWord, finds: (query: string) => string): string {
  const places: [string[], number][] = [
    [[`${lexeme(word.word)}:A`], POINTS.wholeInName],
    [weighted(spellings(word, '', 'prefix'), 'A'), POINTS.name],
    [word.categories.map(categoryLexeme), POINTS.category],
    [weighted(spellings(word, '', 'prefix'), 'C'), POINTS.attributes],
  ];
  const cases = places
    .filter(([queries]) => queries.length > 0)
    .map(([queries, points]) => `WHEN ${finds(anyOf(queries))} THEN ${points}`);
  return `CASE ${cases.join(' ')} ELSE (${finds(wordQuery(word, 'prefix'))})::int END`;
}

/** `'mug'` becomes `'mug':A`, `'mug':*` becomes `'mug':*A`. */
function weighted(queries: readonly string[], weight: 'A' | 'C'): string[] {
  return queries.map((query) => (query.endsWith(':*') ? `${query}${weight}` : `${query}:${weight}`));
}

function descending(sql: string, type: SortTerm['type']): SortTerm {
  return { sql, type, isDescending: true };
}

/** The order of what fits equally well. */
export const PLAIN_RELEVANCE: readonly SortTerm[] = [
  descending('p.in_stock', 'boolean'),
  descending('p.created_at', 'timestamptz'),
  descending('p.id', 'uuid'),
];

function wordQuery(word: SearchWord, prefixes: Prefixes): string {
  return anyOf([...spellings(word, '', prefixes), ...word.categories.map(categoryLexeme)]);
}

function spellings(word: SearchWord, mark: string, prefixes: Prefixes): string[] {
  return [...typedSpellings(word, mark, prefixes), ...word.similar.map((other) => lexeme(mark + other))];
}

function typedSpellings({ word, isPrefix, begun }: SearchWord, mark: string, prefixes: Prefixes): string[] {
  const typed = lexeme(mark + word);
  if (!isPrefix) return [typed];
  const isNamed = prefixes === 'named' && begun !== null && begun.length > 0;
  return isNamed ? begun.map((other) => lexeme(mark + other)) : [`${typed}:*`];
}

function categoryLexeme(id: string): string {
  return lexeme(`#${id}`);
}

function anyOf(queries: readonly string[]): string {
  return `(${queries.join(' | ')})`;
}

function lexeme(text: string): string {
  return `'${text.replace(/['\\]/g, '$&$&')}'`;
}
