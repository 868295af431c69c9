import type { DataSource } from 'typeorm';
import type { SqlFilter } from '../../../common/database/sql';

/** Lists are counted to here; more are estimated. */
export const COUNTED = 10_000;

/** How many products the filter leaves, up to one more than are counted. */
export async function countProducts(
  { where, parameters }: SqlFilter,
  dataSource: DataSource,
): Promise<number> {
  const rows = await dataSource.query<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM (SELECT FROM products p ${where} LIMIT ${COUNTED + 1}) counted`,
    parameters,
  );
  return rows[0]?.count ?? 0;
}

/** How many products the planner expects, from its statistics: it looks at none of them. */
export async function estimateProducts(
  { where, parameters }: SqlFilter,
  dataSource: DataSource,
): Promise<number> {
  const rows = await dataSource.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }[]>(
    `EXPLAIN (FORMAT JSON) SELECT FROM products p ${where}`,
    parameters,
  );
  return rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}

/** How many products the filter leaves, however long that takes. */
export async function countAll({ where, parameters }: SqlFilter, dataSource: DataSource): Promise<number> {
  const rows = await dataSource.query<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM products p ${where}`,
    parameters,
  );
  return rows[0]?.count ?? 0;
}
