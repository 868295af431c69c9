import type { DataSource } from 'typeorm';
import type { SqlFilter } from '../../../common/database/sql';
import { COUNTED, countProducts, estimateProducts } from './count-products';
import { bestFilter, FEW, isByRelevance, listFilter, type ListRequest, type ListShape } from './list-plan';
import { type Match, withSimilarWords } from './search-words';

/** What a list turned out to be. */
export interface FoundProducts {
  /** With the words that stand for the misspelt ones, where they were needed. */
  request: ListRequest;
  shape: ListShape;
  /** Up to one more than are counted; null where nobody asked. */
  count: number | null;
}

/**
 * Finds out how a search matches (every word, or else every word as it may have been meant, or else some of them),
 * and whether the products are few or many. At most five statements.
 */
export async function findProducts(request: ListRequest, dataSource: DataSource): Promise<FoundProducts> {
  const exact = await attempt(request, 'all', dataSource);
  const { terms } = request;
  if (exact.count > 0 || !terms) return withShape(exact, dataSource);
  const similar = await withSimilarWords(terms, dataSource);
  const meant = { ...request, terms: similar ?? terms };
  const relaxed = [
    ...(similar ? (['similar'] as const) : []),
    ...(terms.words.length > 1 ? (['some'] as const) : []),
  ];
  for (const match of relaxed) {
    const found = await attempt(meant, match, dataSource);
    if (found.count > 0) return withShape(found, dataSource);
  }
  return withShape(exact, dataSource);
}

/** What {@link findProducts} found for the first page, known from a later page's cursor. */
export async function resumeProducts(
  request: ListRequest,
  shape: ListShape,
  dataSource: DataSource,
): Promise<FoundProducts> {
  const { terms } = request;
  const similar = terms && shape.match !== 'all' ? await withSimilarWords(terms, dataSource) : null;
  return { request: { ...request, terms: similar ?? terms }, shape, count: null };
}

interface Attempt {
  request: ListRequest;
  match: Match;
  count: number;
}

async function attempt(request: ListRequest, match: Match, dataSource: DataSource): Promise<Attempt> {
  return { request, match, count: await countProducts(listFilter(request, match), dataSource) };
}

async function withShape({ request, match, count }: Attempt, dataSource: DataSource): Promise<FoundProducts> {
  const isFew = count <= FEW;
  const isBroad = !isFew && request.terms !== null && isByRelevance(request.sort);
  const best = isBroad ? await countProducts(bestFilter(request, match), dataSource) : 0;
  return { request, shape: { match, isFew, areBestFew: best <= FEW }, count };
}

/** A total that stays cheap: exact up to 10,000, beyond it what the planner expects. */
export async function totalOf(
  { count }: FoundProducts,
  filter: SqlFilter,
  dataSource: DataSource,
): Promise<{ items: number; isEstimate: boolean }> {
  if (count !== null && count <= COUNTED) return { items: count, isEstimate: false };
  return { items: Math.max(COUNTED + 1, await estimateProducts(filter, dataSource)), isEstimate: true };
}
