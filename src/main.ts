import 'reflect-metadata';
import cluster from 'node:cluster';
import { failStart, print } from './commands/terminal';
import { startTracing } from './common/tracing/start-tracing';
import { type Env, loadEnv } from './config/env';
import { exitOnSignal } from './signals-while-starting';

async function main(): Promise<void> {
  exitOnSignal();
  const env = loadEnv();
  const port = await start(env);
  if (!cluster.isWorker) announce(env, port);
}

/** The primary of several workers does not load what only they need. */
async function start(env: Env): Promise<number> {
  if (env.WORKERS > 1 && !cluster.isWorker)
    return (await import('./cluster/primary.js')).startWorkers(env, __filename);
  await startTracing(env);
  return (await import('./serve.js')).serve(env);
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

void main().catch(failStart);
