import type { Shop } from './shop';

/** The statements that the application ran for it, transactions' beginnings and ends among them. */
export async function statementsOf(shop: Shop, use: () => Promise<{ status: number }>): Promise<string[]> {
  const log = jest.spyOn(shop.test.dataSource.logger, 'logQuery');
  try {
    const { status } = await use();
    if (status >= 400) throw new Error(`Expected success, got ${status}`);
    return log.mock.calls.map(([sql]) => sql);
  } finally {
    log.mockRestore();
  }
}
