import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';
import { AppModule } from './app.module';
import { NestLogger } from './common/logging/logger';
import type { Env } from './config/env';
import { configureApp } from './configure-app';

/** The application, ready to listen. Bodies are read by our own interceptor, after the guards. */
export async function createApp(
  env: Env,
  logger: Logger,
  databaseUrl: string,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.for({ env, logger, databaseUrl }), {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLogger(logger),
  });
  configureApp(app);
  return app;
}
