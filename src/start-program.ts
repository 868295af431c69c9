import cluster from 'node:cluster';
import v8 from 'node:v8';
import type { INestApplicationContext } from '@nestjs/common';
import { print } from './commands/terminal';
import type { AppSettings } from './app.module';
import { createLogger } from './common/logging/logger';
import { stopTracing } from './common/tracing/tracing';
import type { Env } from './config/env';
import { prepareDatabase } from './database/prepare-database';
import { provideDatabase } from './database/provide-database';
import { shutDownOnSignal } from './shut-down';

/**
 * So much of what is in use comes on top before V8 collects what is not: by itself it waits for four times as much, where
 * no limit is near.
 */
const HEAP_GROWTH_PERCENT = 50;

/**
 * Starts a program over the configured database; a signal ends it.
 * @param delayMs how long it goes on after the signal, so that the balancer notices
 */
export async function startProgram<App extends INestApplicationContext>(
  env: Env,
  start: (settings: AppSettings) => Promise<App>,
  delayMs: number,
): Promise<App> {
  v8.setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  const logger = createLogger(env.LOG_LEVEL);
  const database = await provideDatabase(env, print);
  try {
    // For workers their primary did it.
    if (!cluster.isWorker) await prepareDatabase(env, database.url, { processes: 1, print, logger });
    const app = await start({ env, logger, databaseUrl: database.url });
    const stopRest = async (): Promise<void> => {
      await Promise.all([stopTracing(), database.stop()]);
    };
    shutDownOnSignal(app, { delayMs, logger, stopRest });
    return app;
  } catch (error) {
    await database.stop();
    throw error;
  }
}
