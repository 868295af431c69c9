import type { EntityManager } from 'typeorm';
import type { ProductCount } from './count-products';
import type { KeptCounts } from './kept-counts';
import { bestFilter, isByRelevance, matchFilter, type ListRequest, type ListShape } from './list-plan';
import { type Match, type SearchTerms, type SearchWord, withSimilarWords } from './search-words';

/** What a list turned out to be. */
export interface FoundProducts {
  /** With the words that stand for the misspelt ones, where they were needed. */
  request: ListRequest;
  shape: ListShape;
  /** Null where nobody asked. */
  count: ProductCount | null;
}

/**
 * Finds out how a search matches (every word, or else every word as it may have been meant, or else some of them),
 * and whether the products are few or many. The number of statements is bounded.
 */
export async function findProducts(
  request: ListRequest,
  counts: KeptCounts,
  db: EntityManager,
): Promise<FoundProducts> {
  const exact = await attempt(request, 'all', counts, db);
  const { terms } = request;
  if (exact.count.items > 0 || !terms) return withShape(exact, counts, db);
  const similar = await withSimilarWords(terms, db);
  const relaxed = [
    ...(similar ? (['similar'] as const) : []),
    ...(terms.words.length > 1 ? (['some'] as const) : []),
  ];
  for (const match of relaxed) {
    const meant = { ...request, terms: similar ? meantBy(match, terms, similar) : terms };
    const found = await attempt(meant, match, counts, db);
    if (found.count.items > 0) return withShape(found, counts, db);
  }
  return withShape(exact, counts, db);
}

/** What {@link findProducts} found for the first page, known from a later page's cursor. */
export async function resumeProducts(
  request: ListRequest,
  shape: ListShape,
  db: EntityManager,
): Promise<FoundProducts> {
  const { terms } = request;
  if (!terms) return { request, shape, count: null };
  const wasMisspelt = (_: SearchWord, index: number): boolean => shape.words[index]?.isMisspelt ?? false;
  const similar = await withSimilarWords(terms, db, wasMisspelt);
  const words = terms.words.map((word, index): SearchWord => {
    const was = shape.words[index];
    const meant = similar?.words[index] ?? word;
    return { ...meant, isTelling: was?.isTelling ?? word.isTelling };
  });
  return { request: { ...request, terms: { ...terms, words } }, shape, count: null };
}

/** Where some of the words are enough, one that the catalogue knows means itself. */
function meantBy(match: Match, typed: SearchTerms, similar: SearchTerms): SearchTerms {
  if (match !== 'some') return similar;
  const isKnown = ({ begun, categories }: SearchWord): boolean =>
    begun?.length !== 0 || categories.length > 0;
  const words = typed.words.map((word, index) => (isKnown(word) ? word : (similar.words[index] ?? word)));
  return { ...typed, words };
}

interface Attempt {
  request: ListRequest;
  match: Match;
  count: ProductCount;
}

async function attempt(
  request: ListRequest,
  match: Match,
  counts: KeptCounts,
  db: EntityManager,
): Promise<Attempt> {
  const count = isHopeless(request, match)
    ? { items: 0, isEstimate: false }
    : await counts.count(matchFilter(request, match), db);
  return { request, match, count };
}

/** Whether a word is in no product and no category, so that nothing has every word. */
function isHopeless({ terms }: ListRequest, match: Match): boolean {
  if (!terms || match === 'some') return false;
  return terms.words.some(
    ({ isPrefix, begun, categories, similar }) =>
      isPrefix && begun?.length === 0 && categories.length === 0 && similar.length === 0,
  );
}

async function withShape(
  { request, match, count }: Attempt,
  counts: KeptCounts,
  db: EntityManager,
): Promise<FoundProducts> {
  const isFew = !count.isEstimate;
  const best = isFew || !isByRelevance(request.sort) ? null : bestFilter(request, match);
  const areBestFew = best !== null && !(await counts.count(best, db)).isEstimate;
  const words = (request.terms?.words ?? []).map(({ isTelling, similar }) => ({
    isTelling,
    isMisspelt: similar.length > 0,
  }));
  return { request, shape: { match, isFew, areBestFew, words }, count };
}
