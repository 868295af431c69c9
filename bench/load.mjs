/*
 * The load generator, in a process of its own: it takes what is measured no time. It is forked with a job as its
 * argument, warms up, says `begin`, measures, and sends what it saw.
 */
import autocannon from 'autocannon';
import { fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(import.meta.url);

/**
 * Sends requests over so many connections, each its next when the last was answered.
 * @param job `url`, `connections`, `seconds`, `warmUpSeconds`, `pauseSeconds` after the warm-up, and `steps`, which each connection takes one after the
 * other: `{ method, paths, bodies, headers }`, of paths and bodies always the next. `tokens`: of the connections' users.
 * @param onBegin called when the warm-up is over
 */
export function load(job, onBegin = () => undefined) {
  return new Promise((resolve, reject) => {
    const child = fork(file, ['generate'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The load generator ended with ${code}`)));
    child.on('message', (message) => {
      if (message === 'ready') child.send(job);
      else if (message === 'begin') onBegin();
      else resolve(message);
    });
  });
}

if (process.argv[2] === 'generate' && process.argv[1] === file) {
  process.once('message', (job) => void generate(job));
  process.send('ready');
}

async function generate(job) {
  const next = Array.from({ length: job.steps.length }, () => job.from ?? 0);
  await shoot(job, next, job.warmUpSeconds);
  await sleep((job.pauseSeconds ?? 0) * 1000);
  process.send('begin');
  const seen = await shoot(job, next, job.seconds);
  process.send({ ...seen, next: Math.max(...next) }, () => process.exit(0));
}

function shoot({ url, connections, steps, tokens }, next, seconds) {
  return new Promise((resolve, reject) => {
    let connection = 0;
    const times = [];
    const statuses = {};
    const begun = performance.now();
    const setupClient = (client) => {
      const token = tokens?.[connection++ % tokens.length];
      client.setRequests(steps.map((step, index) => toRequest(step, index, token, next)));
    };
    const shots = autocannon({ url, connections, duration: seconds, setupClient }, (error, result) => {
      if (error) reject(error);
      else resolve(summarise(times, statuses, result.errors, (performance.now() - begun) / 1000));
    });
    shots.on('response', (_, status, __, milliseconds) => {
      times.push(milliseconds);
      statuses[status] = (statuses[status] ?? 0) + 1;
    });
  });
}

function toRequest({ method = 'GET', paths, bodies, headers = {} }, index, token, next) {
  const request = { method, path: paths[0], headers: { ...headers } };
  if (token) request.headers.authorization = `Bearer ${token}`;
  if (bodies)
    Object.assign(request, {
      body: bodies[0],
      headers: { ...request.headers, 'content-type': 'application/json' },
    });
  if (paths.length === 1 && (bodies?.length ?? 1) === 1) return request;
  const setupRequest = (base) => {
    const n = next[index]++;
    return { ...base, path: paths[n % paths.length], body: bodies?.[n % bodies.length] };
  };
  return { ...request, setupRequest };
}

function summarise(times, statuses, errors, seconds) {
  const sorted = Float64Array.from(times).sort();
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
  const failed = Object.entries(statuses).filter(([status]) => Number(status) >= 400);
  return {
    perSecond: sorted.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    errors: errors + failed.reduce((sum, [, count]) => sum + count, 0),
    statuses,
  };
}
