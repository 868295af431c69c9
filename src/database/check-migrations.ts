import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { StartupError } from '../config/startup-error';
import { listMigrations, migrate, revertLast, schemaDrift } from './migrate';
import { ensureDatabase } from './provide-database';

/**
 * Runs every migration up, down and up again in a database made for it, and compares the tables with the entities.
 * @throws StartupError when a migration leaves something behind or the two differ
 */
export async function checkMigrations(adminUrl: string): Promise<string> {
  const name = `cartwright_check_${randomBytes(4).toString('hex')}`;
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  await ensureDatabase(adminUrl, name);
  try {
    return await upDownUp(url.href);
  } finally {
    await onDatabase(adminUrl, `DROP DATABASE ${escapeIdentifier(name)} WITH (FORCE)`);
  }
}

async function upDownUp(url: string): Promise<string> {
  await migrate(url);
  while (await revertLast(url));
  const left = await onDatabase(
    url,
    `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname !~ 'migrations'`,
  );
  if (left.length > 0)
    throw new StartupError(
      `Reverting every migration leaves ${left.map(({ relname }) => relname).join(', ')}.`,
    );
  await migrate(url);
  const drift = await schemaDrift(url);
  if (drift.length > 0) throw new StartupError(`Entities and migrations differ: ${drift.join('; ')}`);
  return `${(await listMigrations(url)).length} migration(s) up, down and up again; no drift.`;
}

async function onDatabase(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
