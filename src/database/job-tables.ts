import { runMigrations } from 'graphile-worker';
import { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/** The revision of its tables that the installed version of graphile-worker works with. A test compares. */
export const JOB_TABLES_REVISION = 19;

/**
 * Brings the schema `graphile_worker` to the revision that the package wants. The schema belongs to the package, which
 * has no way back: reverting our own migrations leaves it as it is.
 */
export async function migrateJobTables(dataSource: DataSource, url: string): Promise<void> {
  if ((await countPendingJobTables(dataSource)) === 0) return;
  const pool = new Pool({ connectionString: url, max: 1 });
  pool.on('error', ignore).on('connect', (client) => client.on('error', ignore));
  try {
    await runMigrations({ pgPool: pool });
  } finally {
    await pool.end();
  }
}

/** How many revisions of the job tables the database lacks. */
export async function countPendingJobTables(dataSource: DataSource): Promise<number> {
  const [table] = await dataSource.query<{ found: boolean }[]>(
    `SELECT to_regclass('graphile_worker.migrations') IS NOT NULL AS found`,
  );
  if (!table?.found) return JOB_TABLES_REVISION;
  const [applied] = await dataSource.query<{ revision: number }[]>(
    'SELECT coalesce(max(id), 0) AS revision FROM graphile_worker.migrations',
  );
  return Math.max(0, JOB_TABLES_REVISION - (applied?.revision ?? 0));
}

/** A connection that breaks fails its statement, too. */
function ignore(): void {
  return undefined;
}
