import type { Task, TaskList } from 'graphile-worker';
import type { Logger } from 'pino';
import { inSpan } from '../tracing/tracing';
import type { JobHandler, JobRun } from './jobs';

/** The handlers as graphile-worker calls them. Each try leaves one line in the log. */
export function toTasks(handlers: ReadonlyMap<string, JobHandler>, logger: Logger): TaskList {
  return Object.fromEntries([...handlers].map(([name, handler]) => [name, toTask(name, handler, logger)]));
}

function toTask(name: string, handler: JobHandler, logger: Logger): Task {
  return (payload, { job, abortSignal: signal }) => {
    const { id, attempts: attempt, max_attempts: maxAttempts } = job;
    const run = { id, attempt, isLastAttempt: attempt >= maxAttempts, signal };
    const attributes = { 'job.name': name, 'job.id': id, 'job.attempt': attempt };
    return inSpan(`job ${name}`, { cause: causeOf(payload), attributes }, () =>
      tryOnce({ name, run, logger }, () => handler(payload, run)),
    );
  };
}

/** What the span that added the job left in it. */
function causeOf(payload: unknown): string | null {
  const { traceparent } = (payload ?? {}) as { traceparent?: unknown };
  return typeof traceparent === 'string' ? traceparent : null;
}

interface Try {
  name: string;
  run: JobRun;
  logger: Logger;
}

async function tryOnce({ name, run, logger }: Try, work: () => Promise<void>): Promise<void> {
  const line = { job: name, jobId: run.id, attempt: run.attempt };
  const startedAt = performance.now();
  try {
    await work();
  } catch (error) {
    if (run.isLastAttempt) logger.error({ event: 'job_given_up', ...line, err: error });
    else logger.warn({ event: 'job_failed', ...line, err: error });
    throw error;
  }
  logger.info({ event: 'job_done', ...line, ms: Math.round(performance.now() - startedAt) });
}
