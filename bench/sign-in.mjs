/*
 * Measures signing in, on an embedded database of its own and the built application, in this process:
 *   - the median time for an unknown e-mail and for a wrong password, interleaved: they must not differ, or an
 *     attacker learns who has an account;
 *   - what the check of an access token costs each request.
 * Bounded: 2 x 200 tries at the production cost of bcrypt, about two minutes.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, inRoot, main } from '../scripts/ensure.mjs';

const TRIES = 200;
const TOKEN_CHECKS = 2_000;
const PASSWORD = 'a long passphrase';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'cartwright-bench-'));
  fs.chmodSync(dataDir, 0o755);
  try {
    await withApplication(dataDir, measure);
  } finally {
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
});

async function withApplication(dataDir, work) {
  const load = async (file) => (await import(inRoot('dist/src', file))).default;
  const { parseEnv } = await load('config/env.js');
  const { createLogger } = await load('common/logging/logger.js');
  const { createApp } = await load('create-app.js');
  const { migrate } = await load('database/migrate.js');
  const { provideDatabase } = await load('database/provide-database.js');
  const env = parseEnv({
    DATA_DIR: dataDir,
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'silent',
    PORT: '0',
    HOST: '127.0.0.1',
  });
  const database = await provideDatabase(env, () => undefined);
  await migrate(database.url);
  const app = await createApp(env, createLogger(env.LOG_LEVEL), database.url);
  await app.listen(env.PORT, env.HOST);
  try {
    await work({ url: `${await app.getUrl()}/api`, cost: env.BCRYPT_COST });
  } finally {
    await app.close();
    await database.stop();
  }
}

async function measure({ url, cost }) {
  const email = 'owner@example.com';
  const { accessToken } = await (await post(`${url}/auth/register`, { email, password: PASSWORD })).json();
  const times = { unknown: [], wrong: [] };
  for (let n = 0; n < TRIES; n++) {
    times.unknown.push(await timeLogin(url, `nobody-${n}@example.com`));
    times.wrong.push(await timeLogin(url, email));
    if (n % 20 === 19) process.stdout.write(`${n + 1} of ${TRIES} tries\n`);
  }
  const [unknown, wrong] = [median(times.unknown), median(times.wrong)];
  print(
    `sign-in, bcrypt ${cost}: unknown e-mail ${ms(unknown)}, wrong password ${ms(wrong)}, apart ${ms(Math.abs(unknown - wrong))}`,
  );
  const open = await medianOf(() => fetch(`${url}/categories/tree`));
  const checked = await medianOf(() =>
    fetch(`${url}/categories/tree`, { headers: { Authorization: `Bearer ${accessToken}` } }),
  );
  print(
    `a public read: ${ms(open)} without a token, ${ms(checked)} with one: its check costs ${ms(checked - open)}`,
  );
}

async function timeLogin(url, email) {
  const startedAt = performance.now();
  const { status } = await post(`${url}/auth/login`, { email, password: 'not the password' });
  if (status !== 401) throw new Error(`A failed sign-in was answered with ${status}`);
  return performance.now() - startedAt;
}

async function medianOf(request) {
  const times = [];
  for (let n = 0; n < TOKEN_CHECKS; n++) {
    const startedAt = performance.now();
    await (await request()).arrayBuffer();
    times.push(performance.now() - startedAt);
  }
  return median(times);
}

function post(url, body) {
  return fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

function median(times) {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
}

function ms(milliseconds) {
  return `${milliseconds.toFixed(2)} ms`;
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
