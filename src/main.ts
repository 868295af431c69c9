import 'reflect-metadata';
import { once } from 'node:events';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AppSettings } from './app.module';
import { failStart, print } from './commands/run-command';
import { type Env, loadEnv } from './config/env';
import { StartupError } from './config/startup-error';
import { createApp } from './create-app';
import { startProgram } from './start-program';

async function main(): Promise<void> {
  const env = loadEnv();
  const app = await startProgram(env, serve, env.SHUTDOWN_DELAY_MS);
  announce(env, portOf(app));
}

async function serve({ env, logger, databaseUrl }: AppSettings): Promise<NestExpressApplication> {
  const app = await createApp(env, logger, databaseUrl);
  await listen(app, env);
  return app;
}

/** By hand and not by `app.listen`, which logs a failure that we say better. */
async function listen(app: NestExpressApplication, env: Env): Promise<void> {
  await app.init();
  const server = app.getHttpServer();
  server.listen(env.PORT, env.HOST);
  try {
    await once(server, 'listening');
  } catch (error) {
    await app.close();
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new StartupError(`Port ${env.PORT} is in use. Stop what uses it, or set PORT to another.`);
    }
    throw error;
  }
}

function announce(env: Env, port: number): void {
  if (env.NODE_ENV === 'production') return;
  const base = `http://localhost:${port}`;
  print('');
  print(`  API       ${base}/api`);
  if (env.API_DOCS) print(`  Docs      ${base}/api/docs`);
  print('  Accounts  admin@example.com / adminpass123');
  print('            editor@example.com / editorpass123');
  print('            customer@example.com / customerpass');
  print('  Stop      Ctrl-C');
  print('');
}

function portOf(app: NestExpressApplication): number {
  const address = app.getHttpServer().address();
  return typeof address === 'object' && address ? address.port : 0;
}

void main().catch(failStart);
