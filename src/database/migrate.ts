import type { DataSource } from 'typeorm';
import { withDataSource } from './data-source';

/** Any number: the advisory lock that lets one of several instances migrate. */
const MIGRATION_LOCK = 727_001;

/** Applies what is missing, one transaction a migration, and returns the names. Safe when run twice at once. */
export function migrate(url: string): Promise<string[]> {
  return withMigrationLock(url, async (dataSource) =>
    (await dataSource.runMigrations()).map(({ name }) => name),
  );
}

/** Takes the newest migration back. Returns false when there is none. */
export function revertLast(url: string): Promise<boolean> {
  return withMigrationLock(url, async (dataSource) => {
    const applied = await appliedMigrations(dataSource);
    if (applied.size > 0) await dataSource.undoLastMigration();
    return applied.size > 0;
  });
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

/** How many migrations the database lacks. */
export async function countPendingMigrations(dataSource: DataSource): Promise<number> {
  const applied = await appliedMigrations(dataSource);
  return migrationNames(dataSource).filter((name) => !applied.has(name)).length;
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

function withMigrationLock<T>(url: string, work: (dataSource: DataSource) => Promise<T>): Promise<T> {
  return withDataSource(url, async (dataSource) => {
    const lock = dataSource.createQueryRunner();
    try {
      await lock.query('SET lock_timeout = 0');
      await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
      return await work(dataSource);
    } finally {
      await lock.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
      await lock.release();
    }
  });
}
