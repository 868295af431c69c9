/*
 * Runs the shop as many machines would, on this one: built instances behind the nginx of deploy/nginx, over PostgreSQL
 * with a streaming replica and Redis, everything on the loopback address and in a folder that goes when it ends.
 *   npm run cluster                                    two instances behind http://127.0.0.1:8080, until Ctrl-C
 *   npm run cluster -- --instances 3 --port 0          three of them, behind a port that is free
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
import { startNginx, startPostgres, startRedis } from './cluster/services.mjs';
import { CommandError, ensureBuilt, ensureInstalled, main } from './ensure.mjs';

const PACKAGES = { nginx: 'nginx', 'redis-server': 'redis-server' };

await main(async () => {
  const options = readOptions();
  assertInstalled(PACKAGES);
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
    options: {
      instances: { type: 'string', default: '2' },
      port: { type: 'string', default: '8080' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const [instances, port] = [Number(values.instances), Number(values.port)];
  if (!Number.isInteger(instances) || instances < 1 || instances > 16)
    throw new CommandError('--instances is a number from 1 to 16.');
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CommandError('--port is a number from 0 to 65535.');
  return { ...values, instances, port };
}

/** @param stops gets what ends each part, as soon as it runs */
async function start(folder, options, stops) {
  const postgres = await step(options, 'PostgreSQL and a replica', () => startPostgres(folder));
  stops.push(postgres.stop);
  const redis = await step(options, 'Redis', () => startRedis(folder));
  stops.push(redis.stop);
  await step(options, 'migrations and seeds', () => prepareDatabase(folder, { databaseUrl: postgres.url }));
  const port = options.port || (await findFreePort());
  const urls = {
    folder,
    url: `http://127.0.0.1:${port}`,
    databaseUrl: postgres.url,
    replicaUrl: postgres.replicaUrl,
    redisUrl: redis.url,
  };
  const settings = sharedSettings(folder, { ...urls, publicUrl: urls.url });
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
  print(`  Redis      ${urls.redisUrl}`);
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
      await instance.start();
      const { port } = instance;
      const ms = Date.now() - from;
      if (options.json) print(JSON.stringify({ event: 'restarted', port, exitCode, ms }));
      else print(`Restarted port ${port}: exit code ${exitCode}, back after ${(ms / 1000).toFixed(1)} s`);
    }
  }
  await new Promise(() => undefined);
}

async function step(options, label, work) {
  const from = Date.now();
  const result = await work();
  say(options, `${label} ... ${((Date.now() - from) / 1000).toFixed(1)} s`);
  return result;
}

/** For people: a program that reads JSON finds it on a stream of its own. */
function say({ json }, line) {
  if (!json) print(line);
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
