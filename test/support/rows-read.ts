import type { Shop } from './shop';

interface Plan {
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

/**
 * How many rows of the table, or places of rows in the index, the statements look at that read the page of a list, those
 * that they count left out: they run once more, for EXPLAIN to count.
 */
export async function rowsRead(
  shop: Shop,
  tableOrIndex: string,
  use: () => Promise<{ status: number }>,
): Promise<number> {
  const log = jest.spyOn(shop.test.dataSource.logger, 'logQuery');
  let calls: (typeof log.mock.calls)[number][];
  try {
    expect((await use()).status).toBe(200);
    calls = [...log.mock.calls];
  } finally {
    log.mockRestore();
  }
  const pages = calls.filter(
    ([sql]) => /^\s*SELECT/.test(sql) && /\bLIMIT \d+( OFFSET \d+)?\) p\b|"sortKey"/.test(sql),
  );
  expect(pages).not.toEqual([]);
  let rows = 0;
  for (const [sql, parameters] of pages) {
    const [explained] = await shop.test.dataSource.query<{ 'QUERY PLAN': [{ Plan: Plan }] }[]>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
      parameters,
    );
    if (explained) rows += rowsOf(explained['QUERY PLAN'][0].Plan, tableOrIndex);
  }
  return rows;
}

function rowsOf(plan: Plan, tableOrIndex: string): number {
  const own = plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0);
  const isHere = plan['Relation Name'] === tableOrIndex || plan['Index Name'] === tableOrIndex;
  const here = isHere ? own * plan['Actual Loops'] : 0;
  return (plan.Plans ?? []).reduce((sum, child) => sum + rowsOf(child, tableOrIndex), here);
}
