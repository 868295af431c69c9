import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { isLockTimeout } from '../common/database/database-errors';
import { withDataSource } from './data-source';
import { grantToApi } from './grant-to-api';
import { countPendingJobTables, migrateJobTables } from './job-tables';

/** Any number: the advisory lock that lets one of several instances migrate. */
const MIGRATION_LOCK = 727_001;

/** About two minutes in all, with the lock timeout of a migration. */
const MAX_TRIES = 80;
const PAUSE_MS = 500;

/**
 * Applies what is missing, one transaction a migration, and returns the names; the tables of the job library as well.
 * Safe when run twice at once.
 */
export function migrate(url: string): Promise<string[]> {
  return withMigrationLock(url, (dataSource) => runMigrations(dataSource, url));
}

/**
 * Lets the role of the API do what it needs with the tables as they are now.
 * @throws StartupError when there is no such role, or when it could change the history of the shop
 */
export function grantPrivileges(url: string, apiRole: string): Promise<void> {
  return withMigrationLock(url, (dataSource) =>
    patiently(() => dataSource.transaction((tx) => grantToApi(apiRole, tx))),
  );
}

/** Takes the newest migration back. Returns false when there is none. */
export function revertLast(url: string): Promise<boolean> {
  return withMigrationLock(url, async (dataSource) => {
    const applied = await appliedMigrations(dataSource);
    if (applied.size > 0) await patiently(() => dataSource.undoLastMigration());
    return applied.size > 0;
  });
}

/**
 * Holds all other migrations off while `work` runs. It can apply them itself: all that are missing, or those of these
 * names.
 */
export function migrateAlone<T>(
  url: string,
  work: (apply: (migrations?: readonly string[]) => Promise<string[]>) => Promise<T>,
): Promise<T> {
  return withMigrationLock(url, () =>
    work((migrations) =>
      withDataSource(url, (dataSource) => runMigrations(dataSource, url), 'migration', migrations),
    ),
  );
}

/** Runs `work` while nobody migrates; others of its kind run beside it. */
export function withoutMigrations<T>(url: string, work: () => Promise<T>): Promise<T> {
  return withDataSource(url, (dataSource) => whileLocked(dataSource, work, 'pg_try_advisory_lock_shared'));
}

/** Every migration, oldest first, and whether it is applied. */
export function listMigrations(url: string): Promise<{ name: string; isApplied: boolean }[]> {
  return withDataSource(url, async (dataSource) => {
    const applied = await appliedMigrations(dataSource);
    return migrationNames(dataSource).map((name) => ({ name, isApplied: applied.has(name) }));
  });
}

/** The statements that would bring the tables to what the entities say: none when migrations are whole. */
export function schemaDrift(url: string): Promise<string[]> {
  return withDataSource(url, async (dataSource) => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  });
}

/** How many migrations the database lacks, with those of the job library. */
export async function countPendingMigrations(dataSource: DataSource): Promise<number> {
  return (await pendingMigrations(dataSource)).length;
}

async function pendingMigrations(dataSource: DataSource): Promise<string[]> {
  const applied = await appliedMigrations(dataSource);
  const missing = migrationNames(dataSource).filter((name) => !applied.has(name));
  const hasJobTables = (await countPendingJobTables(dataSource)) === 0;
  return hasJobTables ? missing : [...missing, 'the tables of the jobs'];
}

function migrationNames(dataSource: DataSource): string[] {
  return dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
}

async function appliedMigrations(dataSource: DataSource): Promise<Set<string>> {
  const [table] = await dataSource.query<{ found: boolean }[]>(
    `SELECT to_regclass('migrations') IS NOT NULL AS found`,
  );
  if (!table?.found) return new Set();
  const rows = await dataSource.query<{ name: string }[]>('SELECT name FROM migrations');
  return new Set(rows.map(({ name }) => name));
}

/** @returns the names of those that were missing */
async function runMigrations(dataSource: DataSource, url: string): Promise<string[]> {
  const pending = await pendingMigrations(dataSource);
  await patiently(() => dataSource.runMigrations());
  await migrateJobTables(dataSource, url);
  return pending;
}

/**
 * Tries again after a lock timeout, with a pause in which those who queued behind the migration go on. Nothing is left
 * of the try before: it was one transaction, or a migration without one, whose steps can be run again.
 */
async function patiently(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      if (tries >= MAX_TRIES || !isLockTimeout(error)) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

function withMigrationLock<T>(url: string, work: (dataSource: DataSource) => Promise<T>): Promise<T> {
  return withDataSource(url, (dataSource) => whileLocked(dataSource, () => work(dataSource)), 'migration');
}

async function whileLocked<T>(
  dataSource: DataSource,
  work: () => Promise<T>,
  take: 'pg_try_advisory_lock' | 'pg_try_advisory_lock_shared' = 'pg_try_advisory_lock',
): Promise<T> {
  const lock = dataSource.createQueryRunner();
  try {
    while (!(await tryLock(lock, take))) await sleep(PAUSE_MS);
    return await work();
  } finally {
    await lock.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
    await lock.release();
  }
}

/** To wait within a statement would be a transaction, and an index that is built concurrently waits for all of those. */
async function tryLock(lock: QueryRunner, take: string): Promise<boolean> {
  const rows = (await lock.query(`SELECT ${take}($1) AS taken`, [MIGRATION_LOCK])) as {
    taken: boolean;
  }[];
  return rows[0]?.taken === true;
}
