/* The processes of the shop: built, in production mode, as deploy/systemd runs them. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { CommandError, inRoot, run } from '../ensure.mjs';
import { findFreePort, startProgram, waitUntil } from './processes.mjs';

/** Applies the migrations, grants the role of the instances what it needs, and seeds as for development: production makes neither accounts nor products. */
export async function prepareDatabase(folder, { databaseUrl, apiRole }) {
  const settings = { NODE_ENV: 'development', DATABASE_URL: databaseUrl, DATABASE_API_ROLE: apiRole };
  const env = { ...process.env, ...settings, DATA_DIR: folder };
  for (const [program, ...args] of [['src/commands/migrate', 'run'], ['seeds/seed']]) {
    const { code, output } = await run(process.execPath, [inRoot('dist', `${program}.js`), ...args], { env });
    if (code !== 0) throw new CommandError(`${program} failed:\n${output.slice(-3000)}`);
  }
}

/** What all instances are told. Where the environment says nothing else, they are as in production. */
export function sharedSettings(folder, { databaseUrl, replicaUrl, redisUrl, publicUrl, workers }) {
  return {
    JWT_SECRET: randomBytes(32).toString('hex'),
    BCRYPT_COST: '10',
    ...process.env,
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    TRUST_PROXY: '1',
    DATA_DIR: path.join(folder, 'data'),
    DATABASE_URL: databaseUrl,
    DATABASE_REPLICA_URLS: replicaUrl,
    REDIS_URL: redisUrl,
    WORKERS: String(workers),
    PUBLIC_URL: publicUrl,
  };
}

export async function startInstance(folder, settings) {
  const port = await findFreePort();
  const log = path.join(folder, `instance-${port}.log`);
  const instance = { port, url: `http://127.0.0.1:${port}`, program: null };
  instance.start = async () => {
    instance.program = startProgram([process.execPath, inRoot('dist/src/main.js')], {
      env: { ...settings, PORT: String(port) },
      log,
    });
    await waitUntil(() => isReady(instance.url), `The instance on port ${port}`, instance.program);
  };
  instance.stop = () => instance.program.stop();
  await instance.start();
  return instance;
}

async function isReady(url) {
  const answer = await fetch(`${url}/health/ready`).catch(() => null);
  await answer?.arrayBuffer();
  return answer?.status === 200;
}
