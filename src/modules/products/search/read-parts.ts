import type { EntityManager } from 'typeorm';
import { orderByOf, type SortKey, sortKeyOf, type SortTerm } from '../../../common/lists/sort-order';
import { PRODUCT_COLUMNS, productSource, type ProductRow } from '../product-view';
import { countAll } from './count-products';
import { FOUND_COLUMNS, type FoundProduct, type KnownProducts } from './known-products';
import type { ListPart } from './list-plan';

/** Products with what {@link FOUND_COLUMNS} name, which `*` alone would leave out. */
const VERSIONED = 'SELECT p.*, p.xmin FROM products p';

/** A product and its place in the list. */
export interface PlacedRow {
  row: ProductRow;
  /** The number of the part that it comes from. */
  part: number;
  /** Empty where nobody asked for it. */
  sortKey: SortKey;
}

interface Window {
  limit: number;
  offset: number;
  /** Whether the places of the rows are wanted. */
  withKeys: boolean;
}

/** Reads the window of the parts as if they were one list. Two statements a part, and one to skip a part. */
export async function readParts(
  parts: readonly ListPart[],
  { limit, offset, withKeys }: Window,
  known: KnownProducts,
  db: EntityManager,
): Promise<PlacedRow[]> {
  const placed: PlacedRow[] = [];
  let toSkip = offset;
  for (const [number, part] of parts.entries()) {
    const window = { limit: limit - placed.length, offset: toSkip, withKeys };
    const read = await readPart(part, window, known, db);
    placed.push(...read.map((one) => ({ ...one, part: number })));
    const isLast = number === parts.length - 1;
    if (placed.length === limit || isLast) break;
    toSkip = read.length > 0 ? 0 : toSkip - (toSkip === 0 ? 0 : await countAll(part.filter, db));
  }
  return placed;
}

/** What changes while it is read is read again, all at once: a page shows what was in the list at one moment. */
async function readPart(
  part: ListPart,
  window: Window,
  known: KnownProducts,
  db: EntityManager,
): Promise<Omit<PlacedRow, 'part'>[]> {
  const source = sourceOf(part, window);
  const find = <Row>(columns: string): Promise<(Row & Keyed)[]> =>
    db.query(
      `SELECT ${columns}${window.withKeys ? ', p."sortKey"' : ''} FROM ${source}`,
      part.filter.parameters,
    );
  const found = await find<FoundProduct>(FOUND_COLUMNS);
  const rows = await known.read(found, db);
  if (rows) return rows.map((row, index) => ({ row, sortKey: found[index]?.sortKey ?? [] }));
  const whole = await find<ProductRow>(PRODUCT_COLUMNS);
  return whole.map((row) => ({ row, sortKey: row.sortKey ?? [] }));
}

interface Keyed {
  sortKey?: SortKey;
}

/** The products are found first, and then only those of the page are joined with their categories. */
function sourceOf(part: ListPart, { limit, offset, withKeys }: Window): string {
  const order = orderByOf(part.order);
  const key = withKeys ? `, ${sortKeyOf(part.order)} AS "sortKey"` : '';
  const rows = rowsOf(part, limit + offset);
  const page = `(SELECT p.*${key} FROM ${rows} ${order} LIMIT ${limit} OFFSET ${offset}) p`;
  return `${productSource(page)} ${order}`;
}

/**
 * OFFSET 0 keeps the planner from reading all products in the order of an index in the hope to find 20 soon. A
 * branch is read category by category, so that a category of old products does not make it pass all newer ones.
 */
function rowsOf({ filter, order, isFew, branch }: ListPart, count: number): string {
  if (isFew) return `(${VERSIONED} ${filter.where} OFFSET 0) p`;
  if (!branch) return `(${VERSIONED} ${filter.where}) p`;
  return `unnest(${filter.parameter(branch)}::uuid[]) AS one (category_id) CROSS JOIN LATERAL (
    ${VERSIONED} ${filter.where} AND p.category_id = ANY (ARRAY[one.category_id])
     ${orderByOf(withinCategory(order))} LIMIT ${count}) p`;
}

/**
 * The order of an index that begins with the category. Were it left out, or known to the planner to be one and the same,
 * the index of all products in that order would do, which may have next to none of the category.
 */
function withinCategory(order: readonly SortTerm[]): SortTerm[] {
  const isDescending = order[0]?.isDescending ?? false;
  return [{ sql: 'p.category_id', type: 'uuid', isDescending }, ...order];
}
