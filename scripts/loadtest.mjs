/*
 * Lets customers and an editor use a shop for a while, and writes a report with plots.
 *   npm run loadtest                                             20 users for 30 s on http://127.0.0.1:3000
 *   npm run loadtest -- --url http://127.0.0.1:8080 --users 100 --seconds 60 --think 200
 *   npm run loadtest -- --url https://staging.shop.example --i-own-this-host --editor editor@shop.example:password
 * A user thinks between two requests, so many milliseconds in the mean; with --think 0 the shop gets what it can bear.
 * It registers accounts (which it closes at its end), places orders and edits products: for a shop that is there to be
 * tried. Exit code 1 when requests failed: a 5xx, or no answer.
 */
import { setMaxListeners } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CommandError, ensureInstalled, inRoot, main } from './ensure.mjs';

const OPTIONS = {
  url: { type: 'string', default: 'http://127.0.0.1:3000' },
  users: { type: 'string', default: '20' },
  seconds: { type: 'string', default: '30' },
  think: { type: 'string', default: '500' },
  editor: { type: 'string', default: 'editor@example.com:editorpass123' },
  report: { type: 'string', default: 'artefacts/loadtest.html' },
  'i-own-this-host': { type: 'boolean', default: false },
};
const MAX_RAMP_MS = 5_000;

await main(async () => {
  const options = readOptions();
  await ensureInstalled();
  // What these import is there only now.
  const { Client } = await import('./loadtest/client.mjs');
  const { Recorder } = await import('./loadtest/recorder.mjs');
  const { openShop } = await import('./loadtest/people.mjs');
  const { startProgress } = await import('./loadtest/progress.mjs');
  const { writeReport } = await import('./loadtest/report.mjs');
  const recorder = new Recorder();
  const client = new Client(options.url, recorder);
  const shop = await openShop(client, options);
  for (const note of shop.notes) say(note);
  const progress = startProgress(options.seconds, recorder);
  const stopped = stopOnSignal();
  recorder.begin();
  await visit(shop.people, options, stopped);
  recorder.end();
  progress.stop();
  await shop.close();
  const failed = await writeReport({ options, recorder, notes: shop.notes, machine: machine() });
  say(`Report: ${options.report}`);
  process.exit(failed > 0 ? 1 : 0);
});

function readOptions() {
  const { values } = parseArgs({ options: OPTIONS });
  const number = (name, min, max) => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new CommandError(`--${name} is a whole number from ${min} to ${max}.`);
  };
  return {
    url: targetOf(values),
    users: number('users', 1, 2_000),
    seconds: number('seconds', 1, 3_600),
    think: number('think', 0, 60_000),
    editor: values.editor,
    report: path.resolve(inRoot(), values.report),
  };
}

/** @throws CommandError for a machine that is not this one, unless somebody says that it is theirs */
function targetOf(values) {
  if (!URL.canParse(values.url) || !/^https?:$/.test(new URL(values.url).protocol))
    throw new CommandError('--url is an address such as http://127.0.0.1:3000.');
  const { origin, hostname } = new URL(values.url);
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (isHere || values['i-own-this-host']) return origin;
  throw new CommandError(
    `${hostname} is not this machine. A load test disturbs who uses a shop, and leaves orders in it: ` +
      'say --i-own-this-host when it is yours and there for that.',
  );
}

/** Lets everyone in, one after another in the first seconds, and waits until all have left. */
async function visit(people, { seconds, think }, stopped) {
  const until = Date.now() + seconds * 1_000;
  const rampMs = Math.min(MAX_RAMP_MS, seconds * 100);
  const pause = () => sleep(think * -Math.log(1 - Math.random()), undefined, { signal: stopped });
  const stay = async (person, index) => {
    await sleep((rampMs * index) / people.length, undefined, { signal: stopped });
    while (Date.now() < until && !stopped.aborted) await person(pause);
  };
  const leave = (error) => {
    if (error.name !== 'AbortError') throw error;
  };
  await Promise.all(people.map((person, index) => stay(person, index).catch(leave)));
}

/** Ctrl-C ends the visit early; the report is of what there was until then. */
function stopOnSignal() {
  const controller = new AbortController();
  // Every user waits with it.
  setMaxListeners(0, controller.signal);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => controller.abort());
  return controller.signal;
}

function machine() {
  const [cpu] = os.cpus();
  return `${os.cpus().length} x ${cpu?.model ?? 'unknown'}, Node.js ${process.versions.node}, ${os.type()} ${os.release()}`;
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
