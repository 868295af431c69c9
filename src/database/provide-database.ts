import path from 'node:path';
import { Client, escapeIdentifier } from 'pg';
import { StartupError } from '../config/startup-error';
import type { Env } from '../config/env';
import { startEmbeddedPostgres } from './embedded-postgres';

export interface ProvidedDatabase {
  url: string;
  isEmbedded: boolean;
  /** Stops the embedded server, unless another process still uses it. */
  stop(): Promise<void>;
}

const DATABASE_NAME = 'cartwright';

/**
 * The database of `DATABASE_URL`, or else the embedded one with its files in `DATA_DIR`.
 * @throws StartupError when it cannot be reached or started
 */
export async function provideDatabase(
  env: Env,
  onProgress: (message: string) => void,
): Promise<ProvidedDatabase> {
  if (env.DATABASE_URL) {
    await assertReachable(env.DATABASE_URL);
    return { url: env.DATABASE_URL, isEmbedded: false, stop: async () => undefined };
  }
  const server = await startEmbeddedPostgres({ dataDir: path.join(env.DATA_DIR, 'postgres'), onProgress });
  await ensureDatabase(server.url, DATABASE_NAME);
  return { url: server.databaseUrl(DATABASE_NAME), isEmbedded: true, stop: () => server.stop() };
}

/** Creates the database when it is missing. */
export async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (!rowCount) await client.query(`CREATE DATABASE ${escapeIdentifier(name)}`).catch(ignoreExisting);
  } finally {
    await client.end();
  }
}

/** Another process was faster: 42P04 duplicate database, or 23505 when both were at it at the same time. */
function ignoreExisting(error: unknown): void {
  const isThere = typeof error === 'object' && error !== null && 'code' in error;
  if (!isThere || (error.code !== '42P04' && error.code !== '23505')) throw error;
}

/** @throws StartupError that names the host and never the password */
async function assertReachable(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } catch (error) {
    const { host, pathname } = new URL(url);
    const reason = error instanceof Error && error.message ? error.message : 'no connection';
    throw new StartupError(
      `The database${pathname} on ${host} cannot be used (${reason}). Start it, or correct DATABASE_URL.`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}
