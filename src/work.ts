import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AppSettings } from './app.module';
import { NestLogger } from './common/logging/logger';
import type { Env } from './config/env';
import { startProgram } from './start-program';

/** Works until a signal ends it. */
export async function work(env: Env): Promise<void> {
  await startProgram(env, startWorker, 0);
}

/** The application is loaded once its database is there, as in `serve`. */
async function startWorker(settings: AppSettings): Promise<INestApplicationContext> {
  const { AppModule } = await import('./app.module.js');
  const { env, logger } = settings;
  const worker = await NestFactory.createApplicationContext(AppModule.for(settings), {
    abortOnError: false,
    logger: new NestLogger(logger),
  });
  logger.info({ event: 'worker_ready', concurrency: env.JOBS_CONCURRENCY });
  return worker;
}
