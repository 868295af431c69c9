import { Logger as WorkerLogger } from 'graphile-worker';
import type { Logger } from 'pino';

/**
 * Lets what graphile-worker says go our way. It hands whole jobs and errors along, which are left out; that a job
 * failed is said by who ran it.
 */
export function workerLogger(logger: Logger): WorkerLogger {
  return new WorkerLogger(() => (level, message, meta) => {
    if (meta?.failure === true) return;
    const line = { event: 'job_worker', detail: message };
    if (level === 'error') logger.error(line);
    else if (level === 'warning') logger.warn(line);
    else logger.debug(line);
  });
}
