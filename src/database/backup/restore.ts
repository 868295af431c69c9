import { pipeline } from 'node:stream/promises';
import { Client, escapeIdentifier } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { isLockTimeout } from '../../common/database/database-errors';
import { StartupError } from '../../config/startup-error';
import { migrationNames } from '../data-source-options';
import { JOB_TABLES_REVISION } from '../job-tables';
import { migrateAlone } from '../migrate';
import { checkWithin, type StartStep } from './back-up';
import type { BackupFile } from './backup-file';
import type { Manifest, SavedTable } from './manifest';
import { appliedMigrations, copyOut, listOf, listTables, settle, type ShopTable } from './shop-tables';
import { Tally } from './tally';
import { withTransaction } from './with-transaction';

export interface RestoreReport {
  /** What the file holds and the shop has not: tables that somebody else made. */
  skipped: string[];
  /** The migrations that were applied after the rows had been loaded. */
  newer: string[];
  /** How many rows break each invariant. */
  invariants: Manifest['invariants'];
}

/** What a migration leaves in it is part of every backup. */
const FILLED_BY_MIGRATIONS = ['public.event_counters'];

/**
 * Loads a backup into a database without rows: the tables as its migrations made them, the rows in one transaction,
 * committed when every row, counter and invariant is as it was saved; then the migrations that came since.
 * @throws StartupError when the backup is newer than this code, or the database is in use; it is left as it was, but
 * for tables without rows
 */
export async function restore(backup: BackupFile, url: string, startStep: StartStep): Promise<RestoreReport> {
  const { manifest } = backup;
  assertKnown(manifest);
  return migrateAlone(url, async (apply) => {
    await withTransaction(url, 'START TRANSACTION READ ONLY', (client) => assertEmpty(client, manifest));
    await apply(manifest.migrations);
    const skipped = await withTransaction(url, 'START TRANSACTION', (client) =>
      load(client, backup, startStep),
    ).catch(explainLock);
    const newer = await apply();
    await tidy(url);
    return { skipped, newer, invariants: await checkAll(url) };
  });
}

/** @throws StartupError when the file was made with tables that this code does not know */
export function assertKnown({ migrations, jobTables }: Manifest): void {
  const known = new Set(migrationNames());
  const unknown = migrations.filter((name) => !known.has(name));
  if (unknown.length > 0 || jobTables > JOB_TABLES_REVISION)
    throw new StartupError(
      `The backup was made with a newer release (${unknown[0] ?? `job tables ${jobTables}`}): restore it with that one.`,
    );
  if (jobTables < JOB_TABLES_REVISION)
    throw new StartupError(
      `The backup has job tables of revision ${jobTables}: restore it with the release that made it, then upgrade.`,
    );
}

/** @throws StartupError when there is a row, or a migration that the backup has not */
async function assertEmpty(client: Client, { migrations }: Manifest): Promise<void> {
  await settle(client);
  const saved = new Set(migrations);
  const newer = (await appliedMigrations(client)).find((name) => !saved.has(name));
  if (newer !== undefined)
    throw new StartupError(
      `The database has the migration ${newer}, which the backup has not: restore it into one without tables. Nothing was changed.`,
    );
  await assertNoRows(client, await listTables(client));
}

async function assertNoRows(client: Client, tables: readonly ShopTable[]): Promise<void> {
  const filled: string[] = [];
  for (const { name } of tables.filter((table) => !FILLED_BY_MIGRATIONS.includes(table.name))) {
    const { rows } = await client.query<{ found: boolean }>(`SELECT EXISTS (SELECT FROM ${name}) AS found`);
    if (rows[0]?.found) filled.push(name);
  }
  if (filled.length > 0)
    throw new StartupError(
      `The database is not empty: there are rows in ${filled.join(', ')}. Restore into a new one. Nothing was changed.`,
    );
}

/** @returns the names of tables that the shop has not */
async function load(client: Client, backup: BackupFile, startStep: StartStep): Promise<string[]> {
  await settle(client);
  const tables = await listTables(client);
  const names = tables.map(({ name }) => name).join(', ');
  await client.query(`LOCK TABLE ${names} IN ACCESS EXCLUSIVE MODE`);
  await assertNoRows(client, tables);
  await client.query(`TRUNCATE ${names}`);
  const { manifest } = backup;
  await withoutRules(client, tables, () => fill(client, backup, { tables, startStep }));
  await setSequences(client, manifest);
  await assertSame(client, manifest, { tables, startStep });
  const ours = new Set(tables.map(({ name }) => name));
  return manifest.tables.map(({ name }) => name).filter((name) => !ours.has(name));
}

interface Filling {
  tables: readonly ShopTable[];
  startStep: StartStep;
}

/** Names come from the database, never from the file. */
async function fill(client: Client, backup: BackupFile, { tables, startStep }: Filling): Promise<void> {
  const step = startStep('Loading', backup.rows);
  let done = 0;
  for (const { name } of tables) {
    const saved = savedAs(name, backup.manifest);
    const tally = new Tally((rows) => step.update((done += rows)));
    const table = copyFrom(`COPY ${name} (${listOf(saved.columns)}) FROM STDIN`);
    await pipeline(await backup.rowsOf(saved), tally, client.query(table));
  }
  step.stop();
}

function savedAs(table: string, { tables }: Manifest): SavedTable {
  const saved = tables.find(({ name }) => name === table);
  if (!saved) throw new StartupError(`The backup lacks ${table}. Nothing was changed.`);
  return saved;
}

/**
 * Rows come in any order, and just as they were: without the triggers that would derive, count and tell. Foreign keys
 * come back as they were, and are checked then, all rows at once.
 */
async function withoutRules(
  client: Client,
  tables: readonly ShopTable[],
  work: () => Promise<void>,
): Promise<void> {
  const keys = await client.query<{ table: string; name: string; definition: string }>(
    `SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition
       FROM pg_constraint WHERE contype = 'f' AND conparentid = 0
        AND connamespace IN ('public'::regnamespace, 'graphile_worker'::regnamespace)`,
  );
  for (const { table, name } of keys.rows)
    await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${escapeIdentifier(name)}`);
  for (const { name } of tables) await client.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
  await work();
  for (const { name } of tables) await client.query(`ALTER TABLE ${name} ENABLE TRIGGER USER`);
  for (const { table, name, definition } of keys.rows)
    await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${escapeIdentifier(name)} ${definition}`);
}

async function setSequences(client: Client, { sequences }: Manifest): Promise<void> {
  for (const { name, last } of sequences)
    await client.query(
      `SELECT CASE WHEN $2::bigint IS NULL THEN setval(oid::regclass, seqstart, false)
                   ELSE setval(oid::regclass, $2) END
         FROM pg_sequence JOIN pg_class ON oid = seqrelid WHERE oid = to_regclass($1)`,
      [name, last],
    );
}

/** @throws Error when a table, or what the invariants say, is not as it was saved */
async function assertSame(client: Client, manifest: Manifest, { tables, startStep }: Filling): Promise<void> {
  const step = startStep(
    'Comparing',
    manifest.tables.reduce((sum, { rows }) => sum + rows, 0),
  );
  let done = 0;
  for (const table of tables) {
    const tally = new Tally((rows) => step.update((done += rows)));
    tally.resume();
    const { rows, sha256 } = await copyOut(client, table, tally);
    const saved = savedAs(table.name, manifest);
    if (rows !== saved.rows || sha256 !== saved.sha256)
      throw new StartupError(
        `The rows of ${table.name} would not be those that were saved. Nothing was kept.`,
      );
  }
  step.stop();
  const invariants = await checkWithin(client, manifest.migrations);
  // Another release may know others.
  const differs = Object.entries(manifest.invariants).find(
    ([name, count]) => (invariants[name] ?? count) !== count,
  );
  if (differs)
    throw new StartupError(`The invariant ${differs[0]} would not be as it was. Nothing was kept.`);
}

function explainLock(error: unknown): never {
  throw isLockTimeout(error)
    ? new StartupError('The database is in use: stop what uses it, and try again. Nothing was changed.')
    : error;
}

/** What the planner, and lists that read the index alone, want to know of the new rows. */
async function tidy(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const { name } of await listTables(client)) await client.query(`VACUUM (ANALYZE) ${name}`);
  } finally {
    await client.end();
  }
}

function checkAll(url: string): Promise<Manifest['invariants']> {
  return withTransaction(url, 'START TRANSACTION READ ONLY', async (client) => {
    await settle(client);
    return checkWithin(client, migrationNames());
  });
}
