import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseCronItems, run, type Runner, type RunnerOptions, type WorkerPool } from 'graphile-worker';
import type { Pool, PoolClient } from 'pg';
import type { Logger } from 'pino';
import { freeAbandonedJobs, showLife } from './abandoned-jobs';
import { workerLogger } from './job-logger';
import { toTasks } from './job-tasks';
import type { Jobs } from './jobs';

const RESCUE_MS = 15_000;
/** How long a job may go on when the process is asked to stop. After that another worker does it again. */
const STOP_MS = 6_000;
const DAY_MS = 86_400_000;

interface WorkerSettings {
  jobs: Jobs;
  concurrency: number;
  logger: Logger;
}

/**
 * Does jobs until `signal` fires; then it takes no more and waits for those under way.
 * @throws what the database said, as soon as it is lost
 */
export async function workUntil(signal: AbortSignal, pool: Pool, settings: WorkerSettings): Promise<void> {
  const life = await pool.connect();
  const lost = lossOf(life);
  try {
    const { runner, workerId } = await start(pool, settings);
    try {
      await showLife(life, workerId);
      await Promise.race([runner.promise, lost, freeAbandonedJobsUntil(signal, pool)]);
    } finally {
      await stop(runner);
    }
  } finally {
    life.release(true);
  }
}

/** Rejects when the connection breaks. */
function lossOf(client: PoolClient): Promise<never> {
  const lost = once(client, 'error').then(([error]) => Promise.reject(error as Error));
  lost.catch(() => undefined);
  return lost;
}

async function start(pool: Pool, settings: WorkerSettings): Promise<{ runner: Runner; workerId: string }> {
  const events = new EventEmitter();
  const created = once(events, 'pool:create') as Promise<[{ workerPool: WorkerPool }]>;
  const runner = await run(runnerOptions(pool, events, settings));
  const [{ workerPool }] = await created;
  return { runner, workerId: workerPool.id };
}

function runnerOptions(pool: Pool, events: EventEmitter, settings: WorkerSettings): RunnerOptions {
  const { jobs, concurrency, logger } = settings;
  return {
    pgPool: pool,
    noHandleSignals: true,
    taskList: toTasks(jobs.handlers, logger),
    parsedCronItems: parseCronItems(
      jobs.schedules.map(({ name, cron }) => ({
        task: name,
        identifier: name,
        match: cron,
        // All the times that were missed are one job.
        options: { backfillPeriod: DAY_MS, jobKey: name },
      })),
    ),
    preset: {
      worker: {
        events,
        concurrentJobs: concurrency,
        logger: workerLogger(logger),
        gracefulShutdownAbortTimeout: 0,
        // Batches are tried again while the database is away; a single one would fail where nobody catches it.
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
  };
}

async function freeAbandonedJobsUntil(signal: AbortSignal, pool: Pool): Promise<void> {
  while (!signal.aborted) {
    await freeAbandonedJobs(pool);
    await sleep(RESCUE_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function stop(runner: Runner): Promise<void> {
  // It refuses when it has stopped by itself.
  const stopped = runner.stop().catch(() => undefined);
  await Promise.race([stopped, sleep(STOP_MS, undefined, { ref: false })]);
}
