import type { SqlFilter } from '../../../common/database/sql';
import type { SortTerm } from '../../../common/lists/sort-order';
import type { Match, SearchTerms, SearchWord } from './search-words';

/*
 * Searches as tsquery text over products.search, whose lexemes are words, `/word` for a word of the name, `=sku` for
 * the whole sku and `#id` for the category.
 */

/** What ts_rank gives a word of the description, attributes, category and name. Ten times as much for the name as for attributes. */
const WEIGHTS = '{0.05, 0.1, 0.4, 1}';

/** Finds products that match: with every word, or with some for a match of `some`. */
export function matchQuery({ words }: SearchTerms, match: Match): string {
  return words.map(wordQuery).join(match === 'some' ? ' | ' : ' & ');
}

/** Finds those of a very broad search that are shown first: with every word in the name, or with two of the words. */
export function bestQuery({ words }: SearchTerms, match: Match): string {
  if (match !== 'some') return words.map((word) => anyOf(spellings(word, '/'))).join(' & ');
  const pairs = words.flatMap((word, index) => words.slice(index + 1).map((other) => [word, other] as const));
  return anyOf(pairs.map(([word, other]) => `(${wordQuery(word)} & ${wordQuery(other)})`));
}

/** Finds products by a word of their name, as it is typed. */
export function nameQuery({ words }: SearchTerms): string {
  return words.map((word) => anyOf(spellings(word, '/'))).join(' & ');
}

/** Finds the product whose sku is what was typed. */
export function skuQuery({ text }: SearchTerms): string {
  return lexeme(`=${text.replaceAll(' ', '-').slice(0, 64)}`);
}

/** The order of relevance: an exact sku, the number of words where some may lack, the best fields, what is in stock, the newest. */
export function relevanceOrder(terms: SearchTerms, match: Match, filter: SqlFilter): SortTerm[] {
  const finds = (query: string): string => `p.search @@ ${filter.parameter(query)}::tsquery`;
  const countOf = (word: SearchWord): string => `(${finds(wordQuery(word))})::int`;
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

function wordQuery(word: SearchWord): string {
  return anyOf([...spellings(word, ''), ...word.categories.map((id) => lexeme(`#${id}`))]);
}

function spellings({ word, isPrefix, similar }: SearchWord, mark: string): string[] {
  const typed = lexeme(mark + word);
  return [isPrefix ? `${typed}:*` : typed, ...similar.map((other) => lexeme(mark + other))];
}

/** A whole word counts for more than the beginning of one. */
function rankedSpellings(word: SearchWord): string[] {
  return [lexeme(word.word), wordQuery(word)];
}

function anyOf(queries: readonly string[]): string {
  return `(${queries.join(' | ')})`;
}

function lexeme(text: string): string {
  return `'${text.replace(/['\\]/g, '$&$&')}'`;
}
