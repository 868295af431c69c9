import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule, type AppSettings } from './app.module';
import { failStart } from './commands/run-command';
import { NestLogger } from './common/logging/logger';
import { loadEnv } from './config/env';
import { StartupError } from './config/startup-error';
import { startProgram } from './start-program';

/** Does the background work alone: jobs, their schedules, and telling of events. Listens nowhere. */
async function main(): Promise<void> {
  const env = loadEnv();
  if (!env.JOBS) {
    throw new StartupError(
      'With JOBS=off a worker has nothing to do: the setting is for the processes of the API. Start it with JOBS=on.',
    );
  }
  await startProgram(env, startWorker, 0);
}

async function startWorker(settings: AppSettings): Promise<INestApplicationContext> {
  const { env, logger } = settings;
  const worker = await NestFactory.createApplicationContext(AppModule.for(settings), {
    abortOnError: false,
    logger: new NestLogger(logger),
  });
  logger.info({ event: 'worker_ready', concurrency: env.JOBS_CONCURRENCY });
  return worker;
}

void main().catch(failStart);
