import { Client } from 'pg';
import { brokenOn } from '../invariants';
import { cloneName } from './database-names';
import { databaseUrl, execute } from './sql';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Its rows are written by SQL that keeps no books, or broken on purpose: the invariants are not looked at. */
  hasLooseRows?: boolean;
}

/** The databases of this file that must be whole: each with a connection from outside of the application's pool. */
const watched = new Map<string, Client>();

/** A database of one's own: a copy of the migrated, empty template of this run. */
export async function createTestDatabase({
  hasLooseRows = false,
}: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { TEST_ADMIN_URL: admin, TEST_TEMPLATE: template } = process.env;
  if (!admin || !template) throw new Error('No test database: run the tests with npm test');
  const name = cloneName(template);
  await execute(admin, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  const url = databaseUrl(admin, name);
  if (!hasLooseRows) await watch(url);
  const drop = async (): Promise<void> => {
    try {
      await unwatch(url);
    } finally {
      await execute(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    }
  };
  return { url, drop };
}

async function watch(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  watched.set(url, client);
}

async function unwatch(url: string): Promise<void> {
  const client = watched.get(url);
  if (!client) return;
  watched.delete(url);
  try {
    await assertWhole(client);
  } finally {
    await client.end();
  }
}

/** @throws Error that names the invariants which do not hold, with rows that break them */
async function assertWhole(client: Client): Promise<void> {
  const broken = await brokenOn({ query: async (sql) => (await client.query(sql)).rows });
  if (broken.length > 0) throw new Error(`The tables are not whole:\n${broken.join('\n')}`);
}

// Whoever has a database has this, and cannot forget it.
afterEach(async () => {
  for (const client of watched.values()) await assertWhole(client);
});
