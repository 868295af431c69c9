import 'reflect-metadata';
import { failStart } from './commands/terminal';
import { startTracing } from './common/tracing/start-tracing';
import { loadEnv } from './config/env';
import { StartupError } from './config/startup-error';
import { exitOnSignal } from './signals-while-starting';

/** Does the background work alone: jobs, their schedules, and telling of events. Listens nowhere. */
async function main(): Promise<void> {
  exitOnSignal();
  const env = loadEnv();
  if (!env.JOBS) {
    throw new StartupError(
      'With JOBS=off a worker has nothing to do: the setting is for the processes of the API. Start it with JOBS=on.',
    );
  }
  await startTracing(env);
  await (await import('./work.js')).work(env);
}

void main().catch(failStart);
