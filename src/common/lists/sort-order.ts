import type { SqlFilter } from '../database/sql';

/** A column (or an expression) that a list can be sorted by. It is never null. */
export interface SortColumn {
  sql: string;
  /** As which it comes back from a cursor. */
  type: 'timestamptz' | 'text' | 'bigint' | 'integer' | 'boolean' | 'uuid';
}

export interface SortTerm extends SortColumn {
  isDescending: boolean;
}

/** Where a row stands in an order: the value of each of its terms, as PostgreSQL writes it. */
export type SortKey = readonly string[];

/**
 * The order that a `sort` parameter asks for, ended by the id, in the direction of what comes before it, so that it
 * is total.
 * @param columns the column of each field that may be sorted by
 */
export function sortOrder(
  sort: readonly string[],
  columns: Readonly<Record<string, SortColumn>>,
  id = 'id',
): SortTerm[] {
  const terms = sort.map((term): SortTerm => {
    const isDescending = term.startsWith('-');
    const column = columns[isDescending ? term.slice(1) : term];
    if (!column) throw new RangeError(`${term} is no field of this list`);
    return { ...column, isDescending };
  });
  return [...terms, { sql: id, type: 'uuid', isDescending: terms.at(-1)?.isDescending ?? false }];
}

/** `ORDER BY a DESC, id DESC`. */
export function orderByOf(order: readonly SortTerm[]): string {
  return `ORDER BY ${order.map(({ sql, isDescending }) => `${sql} ${isDescending ? 'DESC' : 'ASC'}`).join(', ')}`;
}

/** An expression that gives a row's {@link SortKey}. */
export function sortKeyOf(order: readonly SortTerm[]): string {
  return `ARRAY[${order.map(({ sql }) => `(${sql})::text`).join(', ')}]`;
}

/** Adds the condition that a row comes after the one with this key. */
export function addAfter(filter: SqlFilter, order: readonly SortTerm[], key: SortKey): void {
  const values = order.map(({ type }, index) => `${filter.parameter(key[index])}::${type}`);
  const isUniform = order.every(({ isDescending }) => isDescending === order[0]?.isDescending);
  // One comparison of rows, which an index answers, where all terms run in one direction.
  filter.add(isUniform ? afterRow(order, values) : afterEither(order, values));
}

function afterRow(order: readonly SortTerm[], values: readonly string[]): string {
  const columns = order.map(({ sql }) => sql).join(', ');
  return `(${columns}) ${order[0]?.isDescending ? '<' : '>'} (${values.join(', ')})`;
}

/** a > x OR a = x AND b < y OR …; the first term's own bound is what an index can use. */
function afterEither(order: readonly SortTerm[], values: readonly string[]): string {
  const isBeyond = (index: number, orEqual = ''): string =>
    `${order[index]?.sql} ${order[index]?.isDescending ? '<' : '>'}${orEqual} ${values[index]}`;
  const cases = order.map((_, index) => {
    const equals = order.slice(0, index).map(({ sql }, before) => `${sql} = ${values[before]}`);
    return `(${[...equals, isBeyond(index)].join(' AND ')})`;
  });
  return `${isBeyond(0, '=')} AND (${cases.join(' OR ')})`;
}
