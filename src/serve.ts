import cluster from 'node:cluster';
import { once } from 'node:events';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AppSettings } from './app.module';
import { send } from './common/cluster/siblings';
import type { Env } from './config/env';
import { StartupError } from './config/startup-error';
import { startProgram } from './start-program';

/** Serves HTTP until a signal ends it. @returns the port */
export async function serve(env: Env): Promise<number> {
  const app = await startProgram(env, createAndListen, env.SHUTDOWN_DELAY_MS);
  const port = portOf(app);
  if (cluster.isWorker) send({ cartwright: 'ready', port });
  return port;
}

/** The application is loaded once its database is there: that this is wrong is told without waiting for it. */
async function createAndListen({ env, logger, databaseUrl }: AppSettings): Promise<NestExpressApplication> {
  const { createApp } = await import('./create-app.js');
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

function portOf(app: NestExpressApplication): number {
  const address = app.getHttpServer().address();
  return typeof address === 'object' && address ? address.port : 0;
}
