import type { Shop } from './shop';

interface Plan {
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

type Statement = Parameters<Shop['test']['dataSource']['logger']['logQuery']>;

/** The statements that read the page of a list, or suggestions. */
export async function pageStatements(
  shop: Shop,
  use: () => Promise<{ status: number }>,
): Promise<Statement[]> {
  const log = jest.spyOn(shop.test.dataSource.logger, 'logQuery');
  try {
    expect((await use()).status).toBe(200);
    const pages = log.mock.calls.filter(
      ([sql]) => /^\s*SELECT/.test(sql) && /\bLIMIT \d+( OFFSET \d+)?\) p\b|"sortKey"/.test(sql),
    );
    expect(pages).not.toEqual([]);
    return pages;
  } finally {
    log.mockRestore();
  }
}

/**
 * How many rows of the table these statements look at, those that they count left out: they run once more, for
 * EXPLAIN to count.
 */
export async function rowsRead(
  shop: Shop,
  table: string,
  use: () => Promise<{ status: number }>,
): Promise<number> {
  let rows = 0;
  for (const [sql, parameters] of await pageStatements(shop, use)) {
    const [explained] = await shop.test.dataSource.query<{ 'QUERY PLAN': [{ Plan: Plan }] }[]>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
      parameters,
    );
    if (explained) rows += rowsOf(explained['QUERY PLAN'][0].Plan, table);
  }
  return rows;
}

function rowsOf(plan: Plan, table: string): number {
  const own = plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0);
  const here = plan['Relation Name'] === table ? own * plan['Actual Loops'] : 0;
  return (plan.Plans ?? []).reduce((sum, child) => sum + rowsOf(child, table), here);
}
