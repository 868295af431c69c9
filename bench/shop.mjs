/* The shop that is measured: a database, the built application in production mode as one process, and accounts. */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { CommandError, inRoot } from '../scripts/ensure.mjs';

const PASSWORD = 'a long passphrase';
/** What the image sets, so that memory is measured as it is in production. */
const AS_THE_IMAGE = '--max-semi-space-size=16';
const READY_MS = 60_000;
const PLENTY = 900_000_000;
const MAX_LIMIT = '1000000';

/** What writes would change of the seeded catalogue is done to a copy, up to this size. */
const MAX_COPIED = 10_000;

// Told to end, this process ends what it has started: see `spawnTied`.
process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));

/** Starts a process that ends with this one. */
function spawnTied(...command) {
  const child = spawn(...command);
  const end = () => child.kill();
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  return child;
}

export async function load(name) {
  return (await import(inRoot('dist/src', name))).default;
}

/**
 * A database with so many products: on the server of DATABASE_URL, or else on the embedded one with its files below
 * `.data/bench`. It is seeded once and kept.
 */
export async function openDatabase(size) {
  const { parseEnv } = await load('config/env.js');
  const { provideDatabase } = await load('database/provide-database.js');
  const dataDir = inRoot('.data/bench', String(size));
  fs.mkdirSync(dataDir, { recursive: true });
  const given = process.env.DATABASE_URL ? { DATABASE_URL: process.env.DATABASE_URL } : {};
  const server = await provideDatabase(parseEnv({ DATA_DIR: dataDir, ...given }), () => undefined);
  const isEmbedded = !process.env.DATABASE_URL;
  const seeded = urlOf(server.url, isEmbedded ? 'cartwright' : `cartwright_bench_${size}`);
  await prepare(seeded, size, server.url, isEmbedded ? `${dataDir}/seeded` : null);
  const url = size <= MAX_COPIED ? await copyOf(seeded, server.url) : seeded;
  await inDatabase(url, (client) => client.query('ANALYZE'));
  return { url, stop: () => server.stop() };
}

function urlOf(url, name) {
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}

async function prepare(url, size, adminUrl, stamp) {
  if (stamp === null) await inDatabase(adminUrl, (client) => createIfMissing(client, nameOf(url)));
  const isSeeded = stamp === null ? await hasProducts(url) : fs.existsSync(stamp);
  run('src/commands/migrate', ['run'], url);
  if (isSeeded) return;
  run('seeds/seed', ['--scale', String(size)], url);
  if (stamp !== null) fs.writeFileSync(stamp, '');
}

async function createIfMissing(client, name) {
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (!rowCount) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
}

function hasProducts(url) {
  return inDatabase(url, async (client) => {
    const { rows } = await client.query(`SELECT to_regclass('products') AS name`);
    if (rows[0].name === null) return false;
    return (await client.query('SELECT FROM products LIMIT 1')).rowCount > 0;
  });
}

function run(program, args, databaseUrl) {
  const { PATH, HOME } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [inRoot('scripts/run.mjs'), program, ...args],
    { env: { PATH, HOME, DATABASE_URL: databaseUrl }, encoding: 'utf8' },
  );
  if (status !== 0) throw new CommandError(`${program} failed:\n${stdout}${stderr}`);
}

function nameOf(url) {
  return new URL(url).pathname.slice(1);
}

async function copyOf(url, adminUrl) {
  const copy = urlOf(url, `${nameOf(url)}_run`);
  await inDatabase(adminUrl, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(nameOf(copy))} WITH (FORCE)`);
    await client.query(
      `CREATE DATABASE ${pg.escapeIdentifier(nameOf(copy))} TEMPLATE ${pg.escapeIdentifier(nameOf(url))}`,
    );
  });
  // Enough of everything, so that no order is refused.
  await inDatabase(copy, (client) => client.query('UPDATE products SET stock = $1', [PLENTY]));
  return copy;
}

/** Runs the work with one connection. */
export async function inDatabase(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Starts the built application as it runs in production, with the rate limits raised out of the way. */
export async function startShop({ databaseUrl, redisUrl, bcryptCost }) {
  const port = await findFreePort();
  const { PATH, HOME } = process.env;
  const env = {
    PATH,
    HOME,
    NODE_ENV: 'production',
    NODE_OPTIONS: AS_THE_IMAGE,
    PORT: String(port),
    HOST: '127.0.0.1',
    DATABASE_URL: databaseUrl,
    DATA_DIR: inRoot('.data/bench/files'),
    JWT_SECRET: randomBytes(48).toString('base64url'),
    BCRYPT_COST: String(bcryptCost),
    ...raisedLimits(),
    ...(redisUrl && { REDIS_URL: redisUrl }),
  };
  const begun = performance.now();
  const args = [
    ...(process.env.BENCH_NODE_ARGS ?? '').split(' ').filter(Boolean),
    inRoot('dist/src/main.js'),
  ];
  const child = spawnTied(process.execPath, args, {
    env,
    cwd: inRoot('.'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url, child);
  const readyMs = performance.now() - begun;
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { url, pid: child.pid, readyMs, stop };
}

function raisedLimits() {
  const text = fs.readFileSync(inRoot('.env.example'), 'utf8');
  const names = text.match(/RATE_LIMIT_[A-Z_]+/g) ?? [];
  return Object.fromEntries(names.map((name) => [name, MAX_LIMIT]));
}

async function untilReady(url, child) {
  const begun = Date.now();
  while (Date.now() - begun < READY_MS) {
    if (child.exitCode !== null) throw new CommandError('The application ended by itself: see above.');
    const answer = await fetch(`${url}/health/ready`).catch(() => null);
    if (answer?.status === 200) return;
    await sleep(20);
  }
  throw new CommandError('The application was not ready within a minute.');
}

export function findFreePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** A Redis of its own, or null where there is no redis-server. */
export async function startRedis() {
  const port = await findFreePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawnTied('redis-server', args, { stdio: 'ignore' });
  const isThere = await new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('spawn', () => resolve(true));
  });
  if (!isThere) return null;
  await sleep(300);
  return { url: `redis://127.0.0.1:${port}`, stop: () => child.kill() };
}

/** New customers, each signed in. */
export async function registerCustomers(url, name, count) {
  const people = Array.from({ length: count }, (_, n) => ({
    email: `${name}-${process.pid}-${n}@example.com`,
    password: PASSWORD,
  }));
  const sessions = [];
  for (const person of people) sessions.push(await post(`${url}/api/auth/register`, person));
  return { people, tokens: sessions.map(({ accessToken }) => accessToken) };
}

/** The editor that the seeds made. */
export async function signInEditor(url) {
  const editor = { email: 'editor@example.com', password: 'editorpass123' };
  return (await post(`${url}/api/auth/login`, editor)).accessToken;
}

export async function post(url, body, token) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new CommandError(`POST ${url} gave ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
