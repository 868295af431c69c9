import { Cleaning } from '../src/common/jobs/cleaning';
import { startTestApp, type TestApp } from './support/app';
import { createTestDatabase, type TestDatabase } from './support/database';
import { Program } from './support/program';
import { execute, queryColumn } from './support/sql';

// The command may have to be built first, on a machine that is busy.
jest.setTimeout(180_000);

describe('entries of the audit log', () => {
  let database: TestDatabase;

  /** One of a year ago, two thousand that are older, one that is younger. */
  beforeEach(async () => {
    database = await createTestDatabase();
    await execute(
      database.url,
      `INSERT INTO audit_entries (id, action, resource_type, resource_id, after, created_at)
       SELECT gen_random_uuid(), 'product.created', 'product', gen_random_uuid(), '{}', now() - age
         FROM (SELECT interval '365 days 1 minute' + n * interval '1 hour' FROM generate_series(0, 2000) n
               UNION ALL SELECT interval '364 days 23 hours') AS ages (age)`,
    );
  });

  afterEach(() => database.drop());

  const left = async (): Promise<number> =>
    Number((await queryColumn(database.url, 'SELECT count(*) FROM audit_entries'))[0]);

  async function clean(databaseUrl: string, settings: Record<string, string>): Promise<TestApp['logs']> {
    const test = await startTestApp({ databaseUrl, settings });
    await test.app.get(Cleaning).run();
    await test.close();
    return test.logs;
  }

  it('are kept for ever unless it is said for how long', async () => {
    await clean(database.url, {});
    expect(await left()).toBe(2_002);
  });

  it('are removed by the hourly cleaning when they are old', async () => {
    const logs = await clean(database.url, { AUDIT_RETENTION_DAYS: '365' });
    expect(await left()).toBe(1);
    expect(logs).toContainEqual(
      expect.objectContaining({ event: 'cleaned', table: 'audit_entries', count: 2_001 }),
    );
  });

  it('stay where the role of the API cannot remove them, until the owner does', async () => {
    const settings = { AUDIT_RETENTION_DAYS: '365' };
    const logs = await clean(database.apiUrl, settings);
    expect(await left()).toBe(2_002);
    expect(logs).toContainEqual(
      expect.objectContaining({ event: 'cleaning_refused', table: 'audit_entries' }),
    );
    const asOwner = { DATABASE_URL: database.url, ...settings };
    const { code, output } = await Program.run('src/commands/clean-audit', asOwner);
    expect([code, output]).toEqual([0, expect.stringContaining('Removed 2001 entries')]);
    expect(await left()).toBe(1);
    expect((await Program.run('src/commands/clean-audit', { DATABASE_URL: database.url })).output).toContain(
      'set AUDIT_RETENTION_DAYS',
    );
  });
});
