import type { Task, TaskList } from 'graphile-worker';
import type { Logger } from 'pino';
import type { JobHandler } from './jobs';

/** The handlers as graphile-worker calls them. Each try leaves one line in the log. */
export function toTasks(handlers: ReadonlyMap<string, JobHandler>, logger: Logger): TaskList {
  return Object.fromEntries([...handlers].map(([name, handler]) => [name, toTask(name, handler, logger)]));
}

function toTask(name: string, handler: JobHandler, logger: Logger): Task {
  return async (payload, { job, abortSignal }) => {
    const { id, attempts: attempt, max_attempts: maxAttempts } = job;
    const isLastAttempt = attempt >= maxAttempts;
    const line = { job: name, jobId: id, attempt };
    const startedAt = performance.now();
    try {
      await handler(payload, { id, attempt, isLastAttempt, signal: abortSignal });
    } catch (error) {
      if (isLastAttempt) logger.error({ event: 'job_given_up', ...line, err: error });
      else logger.warn({ event: 'job_failed', ...line, err: error });
      throw error;
    }
    logger.info({ event: 'job_done', ...line, ms: Math.round(performance.now() - startedAt) });
  };
}
