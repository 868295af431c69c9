import type { SqlFilter } from '../../../common/database/sql';
import { type SortColumn, sortOrder, type SortTerm } from '../../../common/lists/sort-order';
import { productFilter, type ResolvedFilters } from './product-filter';
import {
  addMatch,
  addMatchCheck,
  bestQuery,
  CHECKED,
  INDEXED,
  PLAIN_RELEVANCE,
  relevanceOrder,
} from './search-query';
import type { Match, SearchTerms } from './search-words';

/** What a product list asks for, once its words and its category are known. */
export interface ListRequest {
  filters: ResolvedFilters;
  /** Null without a search. */
  terms: SearchTerms | null;
  sort: readonly string[];
}

/** What was found out about how many products there are. A cursor carries it, so that all of its pages agree. */
export interface ListShape {
  match: Match;
  /** As few as can be counted: all are looked at and sorted. More are read in the order of an index. */
  isFew: boolean;
  /** Whether those are few that a broad search shows first. */
  areBestFew: boolean;
  /** What was made of each word of the search. */
  words: readonly WordShape[];
}

interface WordShape {
  isTelling: boolean;
  /** Whether words count that it may be a misspelling of. */
  isMisspelt: boolean;
}

/** A part of a list that one statement reads; parts follow each other. */
export interface ListPart {
  filter: SqlFilter;
  order: readonly SortTerm[];
  /** Whether all of it is looked at. Otherwise an index has its order. */
  isFew: boolean;
  /** The categories to read one by one, each in the order of an index that begins with the category. */
  branch: readonly string[] | null;
}

const SORT_COLUMNS: Record<string, SortColumn> = {
  createdAt: { sql: 'p.created_at', type: 'timestamptz' },
  price: { sql: 'p.sort_price', type: 'bigint' },
  name: { sql: 'p.name', type: 'text' },
};

/** A branch of more categories is not read one by one. */
const MAX_BRANCH = 100;

/** The shape as a part of a cursor. */
export function writeShape({ match, isFew, areBestFew, words }: ListShape): string {
  const marks = words.map(({ isTelling, isMisspelt }) => Number(isTelling) + 2 * Number(isMisspelt));
  return [match, isFew ? 'few' : 'many', areBestFew ? 'few' : 'many', marks.join('')].join(' ');
}

/** The opposite of {@link writeShape}. */
export function readShape(text = ''): ListShape {
  const [match, size, bestSize, marks = ''] = text.split(' ');
  const known = (['all', 'similar', 'some'] as const).find((one) => one === match);
  const words = [...marks].map((mark) => ({
    isTelling: '13'.includes(mark),
    isMisspelt: '23'.includes(mark),
  }));
  return { match: known ?? 'all', isFew: size === 'few', areBestFew: bestSize === 'few', words };
}

/** The parts of a list: one, or for a broad search by relevance what is shown first, and the rest. */
export function listParts(request: ListRequest, shape: ListShape): ListPart[] {
  const { terms } = request;
  const best = terms && bestQuery(terms, shape.match, 'prefix');
  if (best && !shape.isFew && isByRelevance(request.sort)) {
    return [bestPart(request, shape), restPart(request, shape, best)];
  }
  const filter = shape.isFew ? matchFilter(request, shape.match) : checkFilter(request, shape.match);
  const order = orderOf(request, shape, filter);
  const branch = branchToRead(request, order);
  return [{ filter, order, isFew: shape.isFew && isNarrowed(request) && !branch, branch }];
}

/** The conditions of the list, for reading all of it. */
export function matchFilter({ filters, terms }: ListRequest, match: Match): SqlFilter {
  const filter = productFilter(filters);
  if (terms) addMatch(filter, terms, match);
  return filter;
}

/** The conditions of the list, for reading it in the order of an index. */
function checkFilter({ filters, terms }: ListRequest, match: Match): SqlFilter {
  const filter = productFilter(filters);
  if (terms) addMatchCheck(filter, terms, match);
  return filter;
}

/** The conditions of what a broad search shows first; null when nothing is. */
export function bestFilter(request: ListRequest, match: Match): SqlFilter | null {
  const best = request.terms && bestQuery(request.terms, match, 'named');
  return best === null ? null : checkFilter(request, match).add(INDEXED, best);
}

function bestPart(request: ListRequest, shape: ListShape): ListPart {
  const isFew = shape.areBestFew;
  const few = isFew ? bestFilter(request, shape.match) : null;
  const filter = few ?? checkFilter(request, shape.match);
  const best = request.terms && bestQuery(request.terms, shape.match, 'prefix');
  if (!few && best) filter.add(CHECKED, best);
  return { filter, order: orderOf(request, { ...shape, isFew }, filter), isFew, branch: null };
}

/** When what is shown first is many, the rest may be few. */
function restPart(request: ListRequest, shape: ListShape, best: string): ListPart {
  const isFew = !shape.areBestFew;
  const filter = isFew ? matchFilter(request, shape.match) : checkFilter(request, shape.match);
  filter.add(`NOT ${CHECKED}`, best);
  return { filter, order: orderOf(request, { ...shape, isFew: false }, filter), isFew, branch: null };
}

export function isByRelevance(sort: readonly string[]): boolean {
  return sort[0] === 'relevance' || sort[0] === '-relevance';
}

/** The best come first, whichever way relevance is written. Without a search it says nothing. */
function orderOf({ sort, terms }: ListRequest, shape: ListShape, filter: SqlFilter): SortTerm[] {
  const at = sort.findIndex((term) => isByRelevance([term]));
  if (at === -1 || !terms) return plainOrder(sort);
  const relevance = shape.isFew ? relevanceOrder(terms, shape.match, filter) : PLAIN_RELEVANCE;
  const before = sort.slice(0, at);
  const after = sort.slice(at + 1).filter((term) => !isByRelevance([term]));
  if (before.length === 0 && after.length === 0) return [...relevance];
  const score = relevance.slice(0, -2);
  const others = sortOrder(
    [...before, ...after, ...(after.length === 0 ? ['-createdAt'] : [])],
    SORT_COLUMNS,
    'p.id',
  );
  return [...others.slice(0, before.length), ...score, ...others.slice(before.length)];
}

function plainOrder(sort: readonly string[]): SortTerm[] {
  const terms = sort.filter((term) => !isByRelevance([term]));
  return sortOrder(terms.length === 0 ? ['-createdAt'] : terms, SORT_COLUMNS, 'p.id');
}

/** Whether words or a category choose the products, of which the planner knows little. */
function isNarrowed({ filters: { branch }, terms }: ListRequest): boolean {
  return terms !== null || branch !== undefined;
}

/** A category page in an order that an index has for each category. */
function branchToRead(
  { filters: { branch }, terms, sort }: ListRequest,
  order: readonly SortTerm[],
): readonly string[] | null {
  if (!branch || branch.length > MAX_BRANCH || terms || order.length !== 2) return null;
  return sort.some((term) => term.endsWith('name')) ? null : branch;
}
