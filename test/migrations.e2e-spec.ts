import { Client } from 'pg';
import { migrate, revertLast } from '../src/database/migrate';
import { createTestDatabase, type TestDatabase } from './support/database';

const SESSIONS = `FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'cartwright'`;

describe('migrating a shop that is open', () => {
  let database: TestDatabase;
  let shop: Client;
  let watcher: Client;

  beforeEach(async () => {
    database = await createTestDatabase();
    const settings = { connectionString: database.url, lock_timeout: 5_000 };
    [shop, watcher] = [new Client(settings), new Client(settings)];
    await Promise.all([shop.connect(), watcher.connect()]);
  });

  afterEach(async () => {
    await Promise.all([shop.end(), watcher.end()]);
    await database.drop();
  });

  it('lets those go on who queue behind a migration that waits for a lock, and tries again', async () => {
    await revertLast(database.url);
    await shop.query('BEGIN');
    // Whatever the newest migration does, it writes its name at its end.
    await shop.query('LOCK TABLE migrations IN SHARE MODE');
    const done = migrate(database.url);
    const tries = new Set<string>();
    while (tries.size < 2) for (const began of await transactionsThatWait()) tries.add(began);
    await shop.query('COMMIT');
    expect(await done).toHaveLength(1);
  });

  it('builds an index beside the work although another process waits to migrate', async () => {
    await shop.query('SELECT pg_advisory_lock(727001)');
    const other = migrate(database.url);
    while (!(await hasAskedForLock()));
    await shop.query('CREATE INDEX CONCURRENTLY ix_planted ON products (image_url)');
    await shop.query('SELECT pg_advisory_unlock(727001)');
    expect(await other).toEqual([]);
  });

  async function transactionsThatWait(): Promise<string[]> {
    const { rows } = await watcher.query<{ began: string }>(
      `SELECT xact_start::text AS began ${SESSIONS} AND wait_event_type = 'Lock'`,
    );
    return rows.map(({ began }) => began);
  }

  async function hasAskedForLock(): Promise<boolean> {
    const { rowCount } = await watcher.query(`SELECT ${SESSIONS} AND query LIKE '%advisory_lock%'`);
    return rowCount === 1;
  }
});
