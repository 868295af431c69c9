import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { ENV, type Env } from '../../config/env';
import { DATABASE_URL } from '../../database/database-url';
import { countPendingJobTables } from '../../database/job-tables';
import { endWhenSilent } from '../../database/silent-connections';
import { LOGGER } from '../logging/logger';
import { JOB_CONNECTIONS } from './job-connections';
import { JobPool } from './job-pool';
import { Jobs } from './jobs';
import { workUntil } from './worker-session';

const RESTART_MS = 1_000;

/** Does the jobs, in this process. It outlives its database: when that is back, work goes on. */
@Injectable()
export class JobWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private working: Promise<void> = Promise.resolve();

  constructor(
    private readonly jobs: Jobs,
    private readonly dataSource: DataSource,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(DATABASE_URL) private readonly databaseUrl: string,
  ) {}

  /** By now all handlers are there: modules name them while they are built. */
  onApplicationBootstrap(): void {
    if (this.env.JOBS) this.working = this.workUntilStopped();
  }

  /** Takes no more jobs and waits for those under way. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.working;
  }

  private async workUntilStopped(): Promise<void> {
    const { signal } = this.stopping;
    const pool = this.openPool();
    while (!signal.aborted) {
      await this.work(pool).catch((error: unknown) =>
        this.logger.error({ event: 'job_worker_failed', err: error }),
      );
      await sleep(RESTART_MS, undefined, { signal }).catch(() => undefined);
    }
    await pool.end();
  }

  private async work(pool: Pool): Promise<void> {
    // graphile-worker would bring its tables up to date by itself: that is for the migrations to do.
    if ((await countPendingJobTables(this.dataSource)) > 0)
      throw new Error('The tables of the jobs are not up to date');
    const { jobs, logger } = this;
    await workUntil(this.stopping.signal, pool, { jobs, concurrency: this.env.JOBS_CONCURRENCY, logger });
  }

  private openPool(): Pool {
    const pool = new JobPool({
      connectionString: this.databaseUrl,
      application_name: 'cartwright jobs',
      max: JOB_CONNECTIONS,
      connectionTimeoutMillis: 2_000,
      statement_timeout: 5_000,
      keepAlive: true,
    });
    // A connection that breaks fails its statement, or is replaced: without listeners it would end the process.
    const note = (error: Error): void => this.logger.warn({ event: 'job_connection_lost', err: error });
    return pool.on('error', note).on('connect', (client) => endWhenSilent(client.on('error', note)));
  }
}
