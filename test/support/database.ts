import { Pool, type PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { brokenOn } from '../invariants';
import { cloneName } from './database-names';
import { databaseUrl } from './sql';

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

declare global {
  /** The process keeps it from file to file: to connect costs a third of what a copy of the template does. */
  var administration: Pool | undefined;
}

interface Owner {
  readonly connections: DataSource;
  readonly hasLooseRows: boolean;
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
  await administer(admin, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  const [url, apiUrl] = [databaseUrl(admin, name), databaseUrl(api, name)];
  owners.set(apiUrl, { connections: await connectOwner(url), hasLooseRows });
  const drop = async (): Promise<void> => {
    try {
      await leave(apiUrl);
    } finally {
      await administer(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    }
  };
  return { url, apiUrl, drop };
}

async function administer(admin: string, sql: string): Promise<void> {
  globalThis.administration ??= new Pool({
    connectionString: admin,
    max: 1,
    idleTimeoutMillis: 0,
    allowExitOnIdle: true,
  }).on('error', () => undefined);
  await globalThis.administration.query(sql);
}

/** A database that is there already, as if it were one's own. */
export async function borrowDatabase(url: string): Promise<DataSource> {
  const connections = await connectOwner(url);
  owners.set(url, { connections, hasLooseRows: false });
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
async function assertWhole({ connections, hasLooseRows }: Owner): Promise<void> {
  if (hasLooseRows) return;
  const runner = connections.createQueryRunner();
  try {
    const connection = (await runner.connect()) as PoolClient;
    // Prepared: for a few rows it is planned longer than it runs.
    const query = async (text: string): Promise<unknown> =>
      (await connection.query<object>({ name: 'invariants', text })).rows;
    const broken = await brokenOn({ query });
    if (broken.length > 0) throw new Error(`The tables are not whole:\n${broken.join('\n')}`);
  } finally {
    await runner.release();
  }
}

// Whoever has a database has this, and cannot forget it.
afterEach(async () => {
  for (const owner of owners.values()) await assertWhole(owner);
});
