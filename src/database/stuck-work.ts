import type { DataSource, EntityManager } from 'typeorm';

/** A job, or an event that was not handed on yet. */
export interface QueuedWork {
  /** A number for a job, a UUID for an event: one never is the other. */
  id: string;
  kind: 'job' | 'event';
  name: string;
  /** `given up`: it is not tried again by itself. */
  state: 'waits' | 'runs' | 'tried again' | 'given up';
  tries: number;
  /** When it is done, or tried again. */
  dueAt: Date;
  lastError: string | null;
}

/** What became of the wish to retry or remove something. */
export type Outcome = 'done' | 'runs' | 'missing';

/** Under the names that they have as metrics. */
export interface WorkFigures {
  jobs_pending: number;
  jobs_oldest_age_seconds: number;
  jobs_failed: number;
  events_pending: number;
  events_failed: number;
}

type Connection = Pick<EntityManager, 'query'>;

/** Left alone: what is under way. */
const GIVEN_UP_JOB = 'attempts >= max_attempts AND locked_at IS NULL';
const GIVEN_UP_EVENT = 'parked_at IS NOT NULL AND dispatched_at IS NULL';

const QUEUE = `
  SELECT id::text, 'job' AS kind, task_identifier AS name, attempts AS tries, run_at AS "dueAt",
         last_error AS "lastError", created_at AS since,
         CASE WHEN locked_at IS NOT NULL THEN 'runs' WHEN attempts >= max_attempts THEN 'given up'
              WHEN attempts > 0 THEN 'tried again' ELSE 'waits' END AS state
    FROM graphile_worker.jobs
  UNION ALL
  SELECT id::text, 'event', type, failures, coalesce(retry_at, at), last_error, at,
         CASE WHEN parked_at IS NOT NULL THEN 'given up' WHEN failures > 0 THEN 'tried again' ELSE 'waits' END
    FROM (SELECT * FROM events WHERE dispatched_at IS NULL AND parked_at IS NULL
          UNION ALL SELECT * FROM events WHERE ${GIVEN_UP_EVENT}) events`;

/** What waits, runs or was given up: the latter first, then the oldest. `total` counts those beyond the limit, too. */
export async function listWork(
  connection: Connection,
  { givenUpOnly, limit }: { givenUpOnly: boolean; limit: number },
): Promise<{ rows: QueuedWork[]; total: number }> {
  const rows = await connection.query<(QueuedWork & { total: number })[]>(
    `SELECT id, kind, name, state, tries, "dueAt", "lastError", count(*) OVER ()::int AS total FROM (${QUEUE}) queue
      WHERE NOT $1 OR state = 'given up' ORDER BY state <> 'given up', since, id LIMIT $2`,
    [givenUpOnly, limit],
  );
  return { rows, total: rows[0]?.total ?? 0 };
}

/** How much there is of what {@link listWork} lists. */
export async function measureWork(connection: Connection): Promise<WorkFigures> {
  const [figures] = await connection.query<WorkFigures[]>(
    `SELECT jobs.*,
            (SELECT count(*)::int FROM events WHERE dispatched_at IS NULL AND parked_at IS NULL) AS events_pending,
            (SELECT count(*)::int FROM events WHERE ${GIVEN_UP_EVENT}) AS events_failed
       FROM (SELECT count(*) FILTER (WHERE NOT (${GIVEN_UP_JOB}))::int AS jobs_pending,
                    count(*) FILTER (WHERE ${GIVEN_UP_JOB})::int AS jobs_failed,
                    greatest(0, extract(epoch FROM now() - min(CASE WHEN attempts > 0 THEN created_at ELSE run_at END)
                      FILTER (WHERE NOT (${GIVEN_UP_JOB}))))::float AS jobs_oldest_age_seconds
               FROM graphile_worker.jobs) jobs`,
  );
  if (!figures) throw new Error('Nothing was counted');
  return figures;
}

/** Lets a job or an event be done now, with all its tries before it again. */
export async function retryWork(connection: Connection, id: string): Promise<Outcome> {
  if (!isJobId(id)) return (await retryEvents(connection, 'id = $1', [id])) > 0 ? 'done' : 'missing';
  const retried = await retryJobs(connection, [id]);
  return retried > 0 ? 'done' : outcomeOfJob(connection, id);
}

/** Retries all that was given up. @returns how many */
export function retryGivenUp(dataSource: DataSource): Promise<number> {
  return dataSource.transaction(async (tx) => {
    const jobs = await tx.query<{ id: string }[]>(
      `SELECT id FROM graphile_worker.jobs WHERE ${GIVEN_UP_JOB}`,
    );
    const count = await retryJobs(
      tx,
      jobs.map(({ id }) => id),
    );
    return count + (await retryEvents(tx, GIVEN_UP_EVENT, []));
  });
}

/** Takes a job away. An event stays among those that happened, but nobody is told of it any more. */
export async function removeWork(connection: Connection, id: string): Promise<Outcome> {
  if (isJobId(id)) {
    const removed = await connection.query<unknown[]>(
      'SELECT FROM graphile_worker.complete_jobs(ARRAY[$1::bigint])',
      [id],
    );
    return removed.length > 0 ? 'done' : outcomeOfJob(connection, id);
  }
  const [, count] = await connection.query<[unknown[], number]>(
    `UPDATE events SET dispatched_at = now(), retry_at = NULL WHERE id = $1 AND dispatched_at IS NULL`,
    [id],
  );
  return count > 0 ? 'done' : 'missing';
}

/** Whether this names a job; otherwise it is the UUID of an event, or nothing. */
export function isJobId(id: string): boolean {
  return /^[1-9]\d{0,17}$/.test(id);
}

/** Those that a worker has in hand are left alone. */
async function retryJobs(connection: Connection, ids: readonly string[]): Promise<number> {
  const rows = await connection.query<unknown[]>(
    'SELECT FROM graphile_worker.reschedule_jobs($1::bigint[], run_at => now(), attempts => 0)',
    [ids],
  );
  return rows.length;
}

async function retryEvents(connection: Connection, which: string, values: unknown[]): Promise<number> {
  const [, count] = await connection.query<[unknown[], number]>(
    `UPDATE events SET failures = 0, retry_at = NULL, parked_at = NULL WHERE (${which}) AND dispatched_at IS NULL`,
    values,
  );
  return count;
}

async function outcomeOfJob(connection: Connection, id: string): Promise<Outcome> {
  const found = await connection.query<unknown[]>('SELECT FROM graphile_worker.jobs WHERE id = $1', [id]);
  return found.length > 0 ? 'runs' : 'missing';
}
