import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { seedDatabase } from '../seeds/seed-database';
import { parseEnv } from '../src/config/env';
import { type CheckedInvariant, checkInvariants } from '../src/database/check-invariants';
import { dataSourceOptions } from '../src/database/data-source-options';
import { brokenOn } from './invariants';
import { createTestDatabase, type TestDatabase } from './support/database';
import { PLANTED } from './support/planted';
import { execute } from './support/sql';

describe('the check of the invariants', () => {
  let database: TestDatabase;
  let client: Client;

  beforeAll(async () => {
    database = await createTestDatabase({ hasLooseRows: true });
    const options = dataSourceOptions({ url: database.url, poolSize: 1, use: 'command' });
    const dataSource = await new DataSource(options).initialize();
    const env = parseEnv({ NODE_ENV: 'test', BCRYPT_COST: '4' });
    await seedDatabase(dataSource, { env, print: () => undefined });
    await dataSource.destroy();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const query = async (sql: string): Promise<unknown[]> => (await client.query(sql)).rows;

  async function broken(connection = { query }): Promise<CheckedInvariant[]> {
    const found: CheckedInvariant[] = [];
    await checkInvariants(connection, (invariant) => void (invariant.count > 0 && found.push(invariant)));
    return found;
  }

  /** What is found after these statements, which are then undone. */
  function brokenBy(sql: string): Promise<CheckedInvariant[]> {
    const isOurs = /^(START TRANSACTION|ROLLBACK)/;
    return after(sql, () =>
      broken({ query: async (statement) => (isOurs.test(statement) ? [] : query(statement)) }),
    );
  }

  async function after<T>(sql: string, look: () => Promise<T>): Promise<T> {
    await client.query(`BEGIN; ${sql}`);
    try {
      return await look();
    } finally {
      await client.query('ROLLBACK');
    }
  }

  it('finds nothing in a shop that is whole', async () => {
    expect(await broken()).toEqual([]);
  });

  it.each(PLANTED)('finds %s', async (_, sql, ...found) => {
    const seen = await brokenBy(sql);
    expect(seen.map(({ number, sentence }) => `${number} ${sentence}`)).toEqual(found);
    for (const { count, rows } of seen) expect(rows).toHaveLength(count);
  });

  it.each(PLANTED)('finds %s after each test, too', async (_, sql, ...found) => {
    const seen = await after(sql, () => brokenOn({ query }));
    expect(seen.map((told) => told.replace(/: \d+, such as \[\{.*\}\]$/, ''))).toEqual(found);
  });

  it('counts all that it finds, and tells twenty', async () => {
    const [first] = await brokenBy('UPDATE products SET stock = stock + 7');
    expect(first).toMatchObject({ number: 'I2', count: 200 });
    expect(first?.rows).toHaveLength(20);
    expect(Object.keys(first?.rows[0] ?? {})).toEqual(['product', 'stock', 'moved']);
  });

  it('sees one instant, however long it looks', async () => {
    const [move, back] = ['+ 1', '- 1'].map((change) => `UPDATE products SET stock = stock ${change}`);
    const found = await broken({
      query: async (sql) => {
        const rows = await query(sql);
        if (sql.includes('stock < 0')) await execute(database.url, move ?? '');
        return rows;
      },
    });
    expect(found).toEqual([]);
    expect(await broken()).toHaveLength(1);
    await client.query(back ?? '');
  });

  it('cannot write, and leaves the connection as it was', async () => {
    const writing = { query: (sql: string) => query(sql.replace(/^SELECT count.*/s, 'DELETE FROM carts')) };
    await expect(broken(writing)).rejects.toThrow('read-only transaction');
    expect(await broken()).toEqual([]);
  });
});
