import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { currentTraceparent } from '../tracing/tracing';

/**
 * Every kind of job with what it carries: JSON of ids, never personal data or secrets. The module that handles a
 * kind declares it beside its handler:
 *
 *     declare module '../../common/jobs/jobs' {
 *       interface JobPayloads {
 *         send_mail: { mailId: string };
 *       }
 *     }
 */
export interface JobPayloads {}

export type JobName = keyof JobPayloads;

export interface JobOptions {
  /** At most one waiting job has this key. One that is added again takes its place; one that runs is not touched. */
  key?: string;
  /** When the one that waits is replaced: whether it waits for the new time (the default) or keeps its own. */
  keyMode?: 'replace' | 'preserve_run_at';
  /** Not before; now when absent. */
  runAt?: Date;
  /** Tries in all, the first included: 25 when absent, which is about three days. */
  maxAttempts?: number;
}

/** One try of a job. */
export interface JobRun {
  /** The job's, the same in each try: what makes its effect recognizable. */
  id: string;
  /** 1 for the first. */
  attempt: number;
  isLastAttempt: boolean;
  /** Fires when the process wants to end: long work stops between two steps, by throwing. */
  signal: AbortSignal;
}

export type JobHandler = (payload: unknown, run: JobRun) => Promise<void>;

interface Schedule {
  name: string;
  /** Minute, hour, day, month, weekday, in UTC. */
  cron: string;
}

/**
 * Work that is done later, at least once: a job is a row, written in the transaction that causes it, and gone when its
 * handler has come to its end. A handler that throws is tried again, each time later.
 */
@Injectable()
export class Jobs {
  readonly handlers = new Map<string, JobHandler>();
  readonly schedules: Schedule[] = [];

  /** Says who does the jobs of this kind. They may come twice, and at the same time as others of their kind. */
  handle<N extends JobName>(name: N, handler: (payload: JobPayloads[N], run: JobRun) => Promise<void>): void {
    this.register(name, (payload, run) => handler(payload as JobPayloads[N], run));
  }

  /**
   * Does this again and again, on one worker at a time. Times that pass while no worker runs are made up for by one
   * run within a day.
   * @param cron minute, hour, day, month, weekday, in UTC: `15 * * * *` is a quarter past each hour
   */
  schedule(name: string, cron: string, handler: (run: JobRun) => Promise<void>): void {
    this.register(name, (_, run) => handler(run));
    this.schedules.push({ name, cron });
  }

  /** Adds a job that is there when the caller's transaction commits, and was never there when it does not. */
  add<N extends JobName>(
    name: N,
    payload: JobPayloads[N],
    { key, keyMode, runAt, maxAttempts }: JobOptions,
    tx: EntityManager,
  ): Promise<void> {
    return tx.query(
      `SELECT FROM graphile_worker.add_job($1, $2::json, run_at => $3::timestamptz, max_attempts => $4::integer,
                                           job_key => $5, job_key_mode => $6)`,
      [name, JSON.stringify(traced(payload)), runAt, maxAttempts, key, keyMode ?? 'replace'],
    );
  }

  /** Adds many jobs of one kind in one statement. */
  addMany<N extends JobName>(
    name: N,
    payloads: readonly JobPayloads[N][],
    { runAt, maxAttempts }: Pick<JobOptions, 'runAt' | 'maxAttempts'>,
    tx: EntityManager,
  ): Promise<void> {
    const specs = payloads.map((payload) => {
      return { identifier: name, payload: traced(payload), run_at: runAt, max_attempts: maxAttempts };
    });
    return tx.query(
      `SELECT FROM graphile_worker.add_jobs(ARRAY(
         SELECT json_populate_recordset(null::graphile_worker.job_spec, $1::json)))`,
      [JSON.stringify(specs)],
    );
  }

  private register(name: string, handler: JobHandler): void {
    if (this.handlers.has(name)) throw new Error(`The job ${name} has a handler already`);
    this.handlers.set(name, handler);
  }
}

/** With the span that adds the job, where there is one: the job goes on with its trace. */
function traced(payload: object): object {
  const traceparent = currentTraceparent();
  return traceparent === undefined ? payload : { ...payload, traceparent };
}
