import { DataSource } from 'typeorm';
import { brokenOn } from '../invariants';
import { cloneName } from './database-names';
import { databaseUrl, execute } from './sql';

export interface TestDatabase {
  /** As the owner of the tables. */
  readonly url: string;
  /** As the role of the API, which may do what the API needs. */
  readonly apiUrl: string;
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Its rows are written by SQL that keeps no books, or broken on purpose: the invariants are not looked at. */
  hasLooseRows?: boolean;
}

interface Owner {
  readonly connections: DataSource;
  readonly isWatched: boolean;
}

/** By the URL of the API: connections of the owner, from outside of the application's pool. */
const owners = new Map<string, Owner>();

/** A database of one's own: a copy of the migrated, empty template of this run. */
export async function createTestDatabase({
  hasLooseRows = false,
}: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { TEST_ADMIN_URL: admin, TEST_API_URL: api, TEST_TEMPLATE: template } = process.env;
  if (!admin || !api || !template) throw new Error('No test database: run the tests with npm test');
  const name = cloneName(template);
  await execute(admin, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  const [url, apiUrl] = [databaseUrl(admin, name), databaseUrl(api, name)];
  owners.set(apiUrl, { connections: await connectOwner(url), isWatched: !hasLooseRows });
  const drop = async (): Promise<void> => {
    try {
      await leave(apiUrl);
    } finally {
      await execute(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    }
  };
  return { url, apiUrl, drop };
}

/** A database that is there already, as if it were one's own. */
export async function borrowDatabase(url: string): Promise<DataSource> {
  const connections = await connectOwner(url);
  owners.set(url, { connections, isWatched: true });
  return connections;
}

/** Connections of the owner of the tables to a database of {@link createTestDatabase}; undefined for another one. */
export function ownerOf(apiUrl: string): DataSource | undefined {
  return owners.get(apiUrl)?.connections;
}

function connectOwner(url: string): Promise<DataSource> {
  return new DataSource({ type: 'postgres', url, installExtensions: false, poolSize: 4 }).initialize();
}

/** @throws Error when it is not whole */
export async function leave(apiUrl: string): Promise<void> {
  const owner = owners.get(apiUrl);
  if (!owner) return;
  owners.delete(apiUrl);
  try {
    await assertWhole(owner);
  } finally {
    await owner.connections.destroy();
  }
}

/** @throws Error that names the invariants which do not hold, with rows that break them */
async function assertWhole({ connections, isWatched }: Owner): Promise<void> {
  if (!isWatched) return;
  const connection = connections.createQueryRunner();
  try {
    const broken = await brokenOn(connection);
    if (broken.length > 0) throw new Error(`The tables are not whole:\n${broken.join('\n')}`);
  } finally {
    await connection.release();
  }
}

// Whoever has a database has this, and cannot forget it.
afterEach(async () => {
  for (const owner of owners.values()) await assertWhole(owner);
});
