import 'reflect-metadata';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { failStart, print } from './commands/run-command';
import { createLogger } from './common/logging/logger';
import { type Env, loadEnv } from './config/env';
import { StartupError } from './config/startup-error';
import { createApp } from './create-app';
import { prepareDatabase } from './database/prepare-database';
import { provideDatabase } from './database/provide-database';
import { shutDownOnSignal } from './shut-down';

async function main(): Promise<void> {
  const env = loadEnv();
  const logger = createLogger(env.LOG_LEVEL);
  const database = await provideDatabase(env, print);
  try {
    await prepareDatabase(env, database.url, print);
    const app = await createApp(env, logger, database.url);
    await listen(app, env);
    shutDownOnSignal(app, env, logger, () => database.stop());
    announce(env, await app.getUrl());
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function listen(app: NestExpressApplication, env: Env): Promise<void> {
  try {
    await app.listen(env.PORT, env.HOST);
  } catch (error) {
    await app.close();
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new StartupError(`Port ${env.PORT} is in use. Stop what uses it, or set PORT to another.`);
    }
    throw error;
  }
}

function announce(env: Env, url: string): void {
  if (env.NODE_ENV === 'production') return;
  const base = url.replace(/\/\/(\[::1?\]|0\.0\.0\.0|127\.0\.0\.1)/, '//localhost');
  print('');
  print(`  API       ${base}/api`);
  if (env.API_DOCS) print(`  Docs      ${base}/api/docs`);
  print('  Accounts  admin@example.com / adminpass123');
  print('            editor@example.com / editorpass123');
  print('            customer@example.com / customerpass');
  print('  Stop      Ctrl-C');
  print('');
}

void main().catch(failStart);
