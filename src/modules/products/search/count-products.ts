import type { EntityManager } from 'typeorm';
import type { SqlFilter } from '../../../common/database/sql';

/** Lists are counted to here; more are estimated. */
const COUNTED = 10_000;

/** Not even counted to there when the planner expects as many as this. */
const SURELY_MORE = 2 * COUNTED;

export interface ProductCount {
  items: number;
  /** More than 10,000: what the planner expects from its statistics. */
  isEstimate: boolean;
}

/** How many products the filter leaves, at a bounded cost: exact up to 10,000. Two statements. */
export async function countProducts(filter: SqlFilter, db: EntityManager): Promise<ProductCount> {
  const expected = await estimateProducts(filter, db);
  if (expected > SURELY_MORE) return { items: expected, isEstimate: true };
  const items = await countUpTo(COUNTED + 1, filter, db);
  return items > COUNTED
    ? { items: Math.max(items, expected), isEstimate: true }
    : { items, isEstimate: false };
}

/** How many products the filter leaves, however long that takes. */
export function countAll(filter: SqlFilter, db: EntityManager): Promise<number> {
  return countUpTo(null, filter, db);
}

async function countUpTo(
  limit: number | null,
  { where, whereParameters }: SqlFilter,
  db: EntityManager,
): Promise<number> {
  const rows = await db.query<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM (SELECT FROM products p ${where} LIMIT ${limit ?? 'ALL'}) counted`,
    whereParameters,
  );
  return rows[0]?.count ?? 0;
}

/** How many products the planner expects: it looks at none of them. */
async function estimateProducts({ where, parameters }: SqlFilter, db: EntityManager): Promise<number> {
  const rows = await db.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }[]>(
    `EXPLAIN (FORMAT JSON) SELECT FROM products p ${where}`,
    parameters,
  );
  return rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}
