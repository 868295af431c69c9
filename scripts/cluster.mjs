/*
 * Runs the shop as many machines would, on this one: built instances behind the nginx of deploy/nginx, over PostgreSQL
 * with a streaming replica and Redis, everything on the loopback address and in a folder that goes when it ends.
 *   npm run cluster                                    two instances behind http://127.0.0.1:8080, until Ctrl-C
 *   npm run cluster -- --instances 3 --port 0          three of them, behind a port that is free
 *   npm run cluster -- --instances 1 --workers 2 --no-redis   one, of two processes that count limits among themselves
 *   npm run cluster -- --keep                          leaves the folder with the logs
 * Settings of the environment reach the instances: `RATE_LIMIT_CATALOGUE=100000 npm run cluster`. While it runs, `r` and
 * Enter restart the instances one after another. `--json` prints one line of JSON when it is ready, and one a restart.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { prepareDatabase, sharedSettings, startInstance } from './cluster/instances.mjs';
import { assertInstalled, findFreePort } from './cluster/processes.mjs';
import { API_ROLE, startNginx, startPostgres, startRedis } from './cluster/services.mjs';
import { CommandError, ensureBuilt, ensureInstalled, main } from './ensure.mjs';

const PACKAGES = { nginx: 'nginx', 'redis-server': 'redis-server' };

await main(async () => {
  const options = readOptions();
  assertInstalled(options.redis ? PACKAGES : { nginx: PACKAGES.nginx });
  await ensureInstalled();
  await ensureBuilt();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartwright-cluster-'));
  // PostgreSQL and nginx do not run as root: their users must be able to enter.
  fs.chmodSync(folder, 0o755);
  const stops = [];
  const interrupted = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, resolve);
  });
  try {
    const cluster = await Promise.race([start(folder, options, stops), interrupted]);
    if (cluster.instances) {
      announce(cluster, options);
      await Promise.race([restartOnDemand(cluster, options), interrupted]);
    }
  } finally {
    say(options, 'Stopping ...');
    for (const stop of stops.reverse()) await stop();
    if (options.keep) say(options, `Logs and data are in ${folder}`);
    else fs.rmSync(folder, { recursive: true, force: true });
  }
  process.exit(0);
});

function readOptions() {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      instances: { type: 'string', default: '2' },
      workers: { type: 'string', default: '1' },
      redis: { type: 'boolean', default: true },
      port: { type: 'string', default: '8080' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const number = (name, min, max) => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new CommandError(`--${name} is a number from ${min} to ${max}.`);
  };
  return {
    ...values,
    instances: number('instances', 1, 16),
    workers: number('workers', 1, 16),
    port: number('port', 0, 65_535),
  };
}

/** @param stops gets what ends each part, as soon as it runs */
async function start(folder, options, stops) {
  const postgres = await step(options, 'PostgreSQL and a replica', () => startPostgres(folder));
  stops.push(postgres.stop);
  const redis = options.redis ? await step(options, 'Redis', () => startRedis(folder)) : null;
  if (redis) stops.push(redis.stop);
  const owner = { databaseUrl: postgres.url, apiRole: API_ROLE };
  await step(options, 'migrations and seeds', () => prepareDatabase(folder, owner));
  const port = options.port || (await findFreePort());
  const urls = {
    folder,
    url: `http://127.0.0.1:${port}`,
    databaseUrl: postgres.url,
    replicaUrl: postgres.replicaUrl,
    redisUrl: redis?.url ?? '',
  };
  const settings = sharedSettings(folder, {
    ...urls,
    databaseUrl: postgres.apiUrl,
    replicaUrl: postgres.apiReplicaUrl,
    publicUrl: urls.url,
    workers: options.workers,
  });
  const instances = [];
  stops.push(() => Promise.all(instances.map((instance) => instance.stop())));
  for (let number = 1; number <= options.instances; number++)
    instances.push(await step(options, `instance ${number}`, () => startInstance(folder, settings)));
  const instancePorts = instances.map((instance) => instance.port);
  const nginx = await step(options, 'nginx', () => startNginx(folder, { port, instancePorts }));
  stops.push(nginx.stop);
  return { ...urls, instances };
}

function announce({ instances, ...urls }, { json }) {
  const instanceUrls = instances.map(({ url }) => url);
  if (json) return print(JSON.stringify({ event: 'ready', ...urls, instanceUrls }));
  print('');
  print(`  Shop       ${urls.url}/api, through nginx`);
  for (const url of instanceUrls) print(`  Instance   ${url}/api`);
  print(`  Database   ${urls.databaseUrl}`);
  print(`  Replica    ${urls.replicaUrl}`);
  if (urls.redisUrl) print(`  Redis      ${urls.redisUrl}`);
  print('  Accounts   admin@example.com / adminpass123');
  print('             editor@example.com / editorpass123');
  print('             customer@example.com / customerpass');
  print('  Restart    r and Enter: one instance after another');
  print('  Stop       Ctrl-C');
  print('');
}

/** Restarts the instances whenever a line says `r`. Ends never: with the program. */
async function restartOnDemand({ instances }, options) {
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() !== 'r') continue;
    for (const instance of instances) {
      const from = Date.now();
      const exitCode = await instance.stop();
      const stopMs = Date.now() - from;
      await instance.start();
      const { port } = instance;
      const ms = Date.now() - from;
      if (options.json) print(JSON.stringify({ event: 'restarted', port, exitCode, stopMs, ms }));
      else
        print(
          `Restarted port ${port}: exit code ${exitCode} after ${seconds(stopMs)}, back after ${seconds(ms)}`,
        );
    }
  }
  await new Promise(() => undefined);
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

async function step(options, label, work) {
  const from = Date.now();
  const result = await work();
  say(options, `${label} ... ${seconds(Date.now() - from)}`);
  return result;
}

/** For people: a program that reads JSON finds it on a stream of its own. */
function say({ json }, line) {
  if (!json) print(line);
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
