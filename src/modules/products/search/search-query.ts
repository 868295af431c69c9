import type { SqlFilter } from '../../../common/database/sql';
import type { SortTerm } from '../../../common/lists/sort-order';
import type { Match, SearchTerms, SearchWord } from './search-words';

/*
 * Searches as tsquery text over products.search, whose lexemes are words, `/word` for a word of the name, `=sku` for
 * the whole sku and `#id` for the category.
 */

/** What ts_rank gives a word of the description, attributes, category and name. Ten times as much for the name as for attributes. */
const WEIGHTS = '{0.05, 0.1, 0.4, 1}';

/**
 * How a query names the words that begin with what was typed. `named` word by word, which is what the index is
 * quick at; as a `prefix`, which is quick to check on one product.
 */
type Prefixes = 'named' | 'prefix';

/** Finds products that match: with every word, or with some for a match of `some`. */
export function matchQuery({ words }: SearchTerms, match: Match, prefixes: Prefixes): string {
  return words.map((word) => wordQuery(word, prefixes)).join(match === 'some' ? ' | ' : ' & ');
}

/** Finds those of a very broad search that are shown first: with every word in the name, or with two of the words. */
export function bestQuery(terms: SearchTerms, match: Match, prefixes: Prefixes): string {
  const { words } = terms;
  if (match !== 'some' || words.length < 2) return nameQuery(terms, prefixes);
  const queries = words.map((word) => wordQuery(word, prefixes));
  const pairs = queries.flatMap((query, index) =>
    queries.slice(index + 1).map((other) => `(${query} & ${other})`),
  );
  return anyOf(pairs);
}

/** Finds products whose name has every word. */
export function nameQuery({ words }: SearchTerms, prefixes: Prefixes): string {
  return words.map((word) => anyOf(spellings(word, '/', prefixes))).join(' & ');
}

/** Finds the product whose sku is what was typed. */
export function skuQuery({ text }: SearchTerms): string {
  return lexeme(`=${text.replaceAll(' ', '-').slice(0, 64)}`);
}

/** The order of relevance: an exact sku, the number of words where some may lack, the best fields, what is in stock, the newest. */
export function relevanceOrder(terms: SearchTerms, match: Match, filter: SqlFilter): SortTerm[] {
  const finds = (query: string): string => `p.search @@ ${filter.parameter(query)}::tsquery`;
  const countOf = (word: SearchWord): string => `(${finds(wordQuery(word, 'prefix'))})::int`;
  const ranked = filter.parameter(anyOf(terms.words.flatMap(rankedSpellings)));
  return [
    descending(finds(skuQuery(terms)), 'boolean'),
    ...(match === 'some' ? [descending(terms.words.map(countOf).join(' + '), 'integer')] : []),
    descending(`round(ts_rank('${WEIGHTS}', p.search, ${ranked}::tsquery) * 1000000)::bigint`, 'bigint'),
    ...PLAIN_RELEVANCE,
  ];
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
  return anyOf([...spellings(word, '', prefixes), ...word.categories.map((id) => lexeme(`#${id}`))]);
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

/** A whole word counts for more than the beginning of one. */
function rankedSpellings(word: SearchWord): string[] {
  return [lexeme(word.word), wordQuery(word, 'prefix')];
}

function anyOf(queries: readonly string[]): string {
  return `(${queries.join(' | ')})`;
}

function lexeme(text: string): string {
  return `'${text.replace(/['\\]/g, '$&$&')}'`;
}
