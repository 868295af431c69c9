import type { Pool, PoolClient } from 'pg';

/** Any number: the first half of the locks by which workers show that they live. */
const LIFE_LOCKS = 727_002;

/** A worker takes its lock a moment after its first jobs. */
const GRACE_SECONDS = 10;

/** Shows other processes that this worker lives, for as long as the connection does. */
export async function showLife(client: PoolClient, workerId: string): Promise<void> {
  await client.query('SELECT pg_advisory_lock($1, hashtext($2))', [LIFE_LOCKS, workerId]);
}

/**
 * Frees the jobs of workers that are no more: killed, or cut off from the database. By itself graphile-worker would
 * wait for four hours.
 */
export async function freeAbandonedJobs(pool: Pool): Promise<void> {
  await pool.query(
    `SELECT graphile_worker.force_unlock_workers(array_agg(id))
       FROM (SELECT DISTINCT locked_by AS id FROM graphile_worker.jobs
              WHERE locked_at < now() - make_interval(secs => $2)) holders
      WHERE pg_try_advisory_xact_lock($1, hashtext(id))`,
    [LIFE_LOCKS, GRACE_SECONDS],
  );
}
