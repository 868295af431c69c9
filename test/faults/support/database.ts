import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { Json } from '../../support/api-client';
import { databaseUrl, execute } from '../../support/sql';

/** A database of one fault, on the server that keeps what it confirmed. */
export interface FaultDatabase {
  readonly url: string;
  /** Over a connection of its own, so that it works again as soon as the server does. */
  query(sql: string, parameters?: unknown[]): Promise<Json[]>;
  drop(): Promise<void>;
}

export const TEMPLATE = 'template_shop';

/** Where the server is that the start of the run has made. */
export function durablePostgres(): { url: string; dataDir: string } {
  const { FAULT_DATABASE_URL: url, FAULT_DATA_DIR: dataDir } = process.env;
  if (!url || !dataDir) throw new Error('No database: run the fault tests with npm run test:faults');
  return { url, dataDir };
}

/** @param template what it is a copy of: the migrated, empty tables of a shop unless told */
export async function createFaultDatabase(template = TEMPLATE): Promise<FaultDatabase> {
  const { url: admin } = durablePostgres();
  const name = `fault_${randomBytes(6).toString('hex')}`;
  await execute(admin, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = databaseUrl(admin, name);
  return {
    url,
    query: (sql, parameters) => connected(url, async (client) => (await client.query(sql, parameters)).rows),
    drop: () => execute(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** Lends a connection of its own for the work. */
export async function connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
