import type { EntityManager } from 'typeorm';
import { orderByOf, type SortKey, sortKeyOf, type SortTerm } from '../../../common/lists/sort-order';
import { PRODUCT_COLUMNS, productSource, type ProductRow } from '../product-view';
import { countAll } from './count-products';
import type { ListPart } from './list-plan';

/** A product and its place in the list. */
export interface PlacedRow extends ProductRow {
  /** The number of the part that it comes from. */
  part: number;
  sortKey: SortKey;
}

interface Window {
  limit: number;
  offset: number;
}

/** Reads the window of the parts as if they were one list. One statement a part, and one to skip a part. */
export async function readParts(
  parts: readonly ListPart[],
  { limit, offset }: Window,
  db: EntityManager,
): Promise<PlacedRow[]> {
  const rows: PlacedRow[] = [];
  let toSkip = offset;
  for (const [number, part] of parts.entries()) {
    const read = await readPart(part, { limit: limit - rows.length, offset: toSkip }, db);
    rows.push(...read.map((row) => ({ ...row, part: number })));
    const isLast = number === parts.length - 1;
    if (rows.length === limit || isLast) break;
    toSkip = read.length > 0 ? 0 : toSkip - (toSkip === 0 ? 0 : await countAll(part.filter, db));
  }
  return rows;
}

/** The products are found first, and then only those of the page are joined with their categories. */
async function readPart(
  part: ListPart,
  { limit, offset }: Window,
  db: EntityManager,
): Promise<(ProductRow & { sortKey: SortKey })[]> {
  const order = orderByOf(part.order);
  return db.query(
    `SELECT ${PRODUCT_COLUMNS}, p."sortKey"
       FROM ${productSource(
         `(SELECT p.*, ${sortKeyOf(part.order)} AS "sortKey" FROM ${sourceOf(part, limit + offset)} ${order} LIMIT ${limit} OFFSET ${offset}) p`,
       )} ${order}`,
    part.filter.parameters,
  );
}

/**
 * OFFSET 0 keeps the planner from reading all products in the order of an index in the hope to find 20 soon. A
 * branch is read category by category, so that a category of old products does not make it pass all newer ones.
 */
function sourceOf({ filter, order, isFew, branch }: ListPart, rows: number): string {
  if (isFew) return `(SELECT * FROM products p ${filter.where} OFFSET 0) p`;
  if (!branch) return `products p ${filter.where}`;
  return `unnest(${filter.parameter(branch)}::uuid[]) AS one (category_id) CROSS JOIN LATERAL (
    SELECT * FROM products p ${filter.where} AND p.category_id = ANY (ARRAY[one.category_id])
     ${orderByOf(withinCategory(order))} LIMIT ${rows}) p`;
}

/**
 * The order of an index that begins with the category. Were it left out, or known to the planner to be one and the same,
 * the index of all products in that order would do, which may have next to none of the category.
 */
function withinCategory(order: readonly SortTerm[]): SortTerm[] {
  const isDescending = order[0]?.isDescending ?? false;
  return [{ sql: 'p.category_id', type: 'uuid', isDescending }, ...order];
}
