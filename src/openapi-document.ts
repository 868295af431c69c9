import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { OpenAPIObject } from '@nestjs/swagger';
import { AppModule } from './app.module';
import { createLogger } from './common/logging/logger';
import { parseEnv } from './config/env';
import { setRoutePrefix } from './configure-app';
import { documentOf } from './openapi';

/** The OpenAPI document without a database or a port: for checks, and for making clients. */
export async function openApiDocument(): Promise<OpenAPIObject> {
  const settings = {
    env: parseEnv({ NODE_ENV: 'test' }),
    logger: createLogger('silent'),
    databaseUrl: 'postgres://none',
  };
  const app = await NestFactory.create<NestExpressApplication>(AppModule.for(settings), {
    preview: true,
    logger: false,
  });
  setRoutePrefix(app);
  return documentOf(app);
}
