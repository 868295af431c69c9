import type { Logger } from 'pino';
import { RateLimiterClusterMaster } from 'rate-limiter-flexible';
import { print } from '../commands/terminal';
import { createLogger } from '../common/logging/logger';
import type { Env } from '../config/env';
import { StartupError } from '../config/startup-error';
import { prepareDatabase } from '../database/prepare-database';
import { provideDatabase, type ProvidedDatabase } from '../database/provide-database';
import { leaveSignals } from '../signals-while-starting';
import { Fleet } from './fleet';
import { relayMeasurements } from './relay';

/** Longer than a worker takes at most. */
const MAX_SHUTDOWN_MS = 17_000;

/**
 * Prepares the database once, and starts the workers that share the port. SIGHUP replaces them one by one, SIGTERM and
 * SIGINT stop them and then this process.
 * @param program the file that a worker runs
 * @returns the port @throws StartupError when a worker does not start; it has said why
 */
export async function startWorkers(env: Env, program: string): Promise<number> {
  const logger = createLogger(env.LOG_LEVEL);
  const database = await provideDatabase(env, print);
  const fleet = createFleet(env, program, database.url, logger);
  try {
    await prepareDatabase(env, database.url, { processes: env.WORKERS, print, logger });
    // Counts for all workers, where Redis does not.
    new RateLimiterClusterMaster();
    relayMeasurements();
    obeySignals(fleet, database, logger);
    const port = await fleet.start();
    logger.info({ event: 'workers_ready', workers: env.WORKERS, port });
    return port;
  } catch (error) {
    // What was told to stop is about to end this process.
    if (fleet.isStopping) return new Promise(() => undefined);
    await fleet.stop();
    await database.stop();
    throw error instanceof StartupError ? error : new StartupError('A worker did not start.');
  }
}

function createFleet(env: Env, program: string, databaseUrl: string, logger: Logger): Fleet {
  return new Fleet({
    size: env.WORKERS,
    program,
    // One worker does the jobs: connections and questions to the database do not multiply.
    settingsOf: (slot) => ({ DATABASE_URL: databaseUrl, JOBS: env.JOBS && slot === 1 ? 'on' : 'off' }),
    logger,
  });
}

function obeySignals(fleet: Fleet, database: ProvidedDatabase, logger: Logger): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ event: 'shutdown', signal });
    setTimeout(() => process.exit(1), MAX_SHUTDOWN_MS).unref();
    void stopAll(fleet, database).then(
      (isWell) => process.exit(isWell ? 0 : 1),
      () => process.exit(1),
    );
  };
  leaveSignals();
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', () => {
    logger.info({ event: 'workers_replaced', signal: 'SIGHUP' });
    void fleet.roll();
  });
}

async function stopAll(fleet: Fleet, database: ProvidedDatabase): Promise<boolean> {
  const isWell = await fleet.stop();
  await database.stop();
  return isWell;
}
