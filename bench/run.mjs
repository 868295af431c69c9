/*
 * Measures the shop over HTTP: `npm run bench`. Starts what it needs, and beside each scenario measures in the same run
 * what bounds it. Writes bench/results.json, bench/RESULTS.md and its plots.
 *   --products 100000   so many products (1000 by default); above 10000 the reads alone
 *   --only reads        or writes, or the names of scenarios with commas between
 *   --seconds 2         how long each is measured, after a warm-up; --repeats 3: how often, of which the median counts
 *   --redis             with a Redis of its own
 *   --quick             one short look at each, which writes no results
 */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { CommandError, ensureBuilt, ensureInstalled, main } from '../scripts/ensure.mjs';

const CONNECTIONS = 16;
/** Until V8 has compiled what is used often: a write costs twice as much in the first seconds. */
const WARM_UP_SECONDS = 6;
const BCRYPT_COST = 12;
const ORDERS_EACH = 5;
const MAX_WRITTEN = 10_000;

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const { SCENARIOS } = await import('./scenarios.mjs');
  const { saveResults } = await import('./report.mjs');
  const options = readOptions(SCENARIOS);
  const figures = await measureAll(options);
  if (!options.quick) await saveResults(options, figures);
  process.exit(0);
});

function readOptions(scenarios) {
  const texts = { products: '1000', only: '', seconds: '2', repeats: '3' };
  const kinds = Object.fromEntries(
    Object.entries(texts).map(([name, value]) => [name, { type: 'string', default: value }]),
  );
  const { values } = parseArgs({
    options: { ...kinds, redis: { type: 'boolean' }, quick: { type: 'boolean' } },
  });
  const size = Number(values.products);
  if (!Number.isInteger(size) || size < 200) throw new CommandError('--products takes a number from 200 on.');
  const groups = { '': () => true, reads: ({ isWrite }) => !isWrite, writes: ({ isWrite }) => isWrite };
  const isWanted = groups[values.only] ?? ((_, key) => values.only.split(',').includes(key));
  const chosen = Object.entries(scenarios).filter(
    ([key, scenario]) => isWanted(scenario, key) && (size <= MAX_WRITTEN || !scenario.isWrite),
  );
  if (chosen.length === 0)
    throw new CommandError(`--only takes reads, writes or some of ${Object.keys(scenarios).join()}.`);
  const [seconds, repeats] = values.quick ? [1, 1] : [Number(values.seconds), Number(values.repeats)];
  return { size, chosen, seconds, repeats, withRedis: values.redis ?? false, quick: values.quick ?? false };
}

async function measureAll(options) {
  const shop = await import('./shop.mjs');
  const database = await shop.openDatabase(options.size);
  const redis = options.withRedis ? await shop.startRedis() : null;
  const app = await shop.startShop({
    databaseUrl: database.url,
    redisUrl: redis?.url,
    bcryptCost: BCRYPT_COST,
  });
  try {
    say(`ready after ${Math.round(app.readyMs)} ms`);
    const figures = { machine: describeMachine(options), readyMs: app.readyMs, scenarios: {} };
    const facts = await prepare({ shop, app, database });
    let isPrepared = false;
    for (const [key, scenario] of options.chosen) {
      // Orders make mails, which take time for a while: the reads come before them.
      if (scenario.isWrite && !isPrepared)
        Object.assign(facts, await prepareWrites(shop, app, database, facts));
      isPrepared ||= scenario.isWrite;
      figures.scenarios[key] = await measureScenario(scenario, { app, database, facts, options });
    }
    return figures;
  } finally {
    await app.stop();
    redis?.stop();
    await database.stop();
  }
}

function describeMachine({ withRedis }) {
  const [{ model }] = os.cpus();
  return {
    at: new Date().toISOString(),
    node: process.version,
    cores: os.availableParallelism(),
    processor: model,
    redis: withRedis,
  };
}

/** What the requests are made of. */
async function prepare({ shop, app, database }) {
  const facts = await shop.inDatabase(database.url, async (client) => {
    const sold = `status = 'active' AND deleted_at IS NULL AND currency = 'USD'`;
    const products = await client.query(
      `SELECT id, slug, name FROM products WHERE ${sold} ORDER BY md5(id::text) LIMIT 1000`,
    );
    const categories = await client.query('SELECT slug FROM categories ORDER BY slug');
    return { products: products.rows, categories: categories.rows.map(({ slug }) => slug) };
  });
  const list = await fetch(`${app.url}/api/products?limit=20`);
  await list.arrayBuffer();
  facts.etag = list.headers.get('etag');
  return facts;
}

async function prepareWrites(shop, app, database, { products }) {
  const customers = await shop.registerCustomers(app.url, 'customer', CONNECTIONS);
  const { people } = await shop.registerCustomers(app.url, 'caller', 4);
  const pgbenchProducts = await (
    await import('./pgbench.mjs')
  ).preparePgbench(
    database.url,
    customers.people.map(({ email }) => email),
  );
  const { SCENARIOS } = await import('./scenarios.mjs');
  const [{ bodies }] = SCENARIOS.order.steps({ products });
  for (const token of customers.tokens)
    for (let n = 0; n < ORDERS_EACH; n++)
      await shop.post(`${app.url}/api/orders`, JSON.parse(bodies[n]), token);
  return { tokens: customers.tokens, people, editor: await shop.signInEditor(app.url), pgbenchProducts };
}

async function measureScenario(scenario, context) {
  const { app, facts, options } = context;
  const steps = scenario.steps(facts);
  const tokens = steps.some(({ isPublic }) => !isPublic) && tokensOf(scenario, facts);
  const job = {
    url: app.url,
    steps,
    ...(tokens && { tokens }),
    connections: CONNECTIONS,
    seconds: options.seconds,
    ...scenario.load,
  };
  const limits = [];
  for (const limit of scenario.limits) limits.push(await prepareLimit(limit, scenario, job, context));
  const runs = { app: [], ...Object.fromEntries(limits.map(({ name }) => [name, []])) };
  let from = 0;
  for (let n = 0; n < options.repeats; n++) {
    const seen = await measure({ ...job, from }, app.pid, steps.length);
    from = seen.next;
    runs.app.push(seen);
    for (const limit of limits) runs[limit.name].push(await limit.measure());
  }
  for (const limit of limits) limit.stop();
  const figures = Object.fromEntries(Object.entries(runs).map(([name, seen]) => [name, medianOf(seen)]));
  say(
    `${scenario.title}: ${Object.entries(figures)
      .map(([name, one]) => describe(name, one))
      .join(', ')}`,
  );
  return figures;
}

function tokensOf({ isWrite, byEditor }, { tokens, editor }) {
  if (byEditor) return [editor];
  return isWrite ? tokens : null;
}

async function measure(job, pid, stepCount) {
  const { load } = await import('./load.mjs');
  const { watch } = await import('./usage.mjs');
  const watched = watch(pid);
  const seen = await load({ warmUpSeconds: WARM_UP_SECONDS, ...job }, watched.restart);
  const { cpu, megabytes } = watched.stop();
  const cpuMs = cpu === null ? null : (cpu * 1000 * stepCount) / seen.perSecond;
  return { ...seen, perSecond: seen.perSecond / stepCount, cpu, cpuMs, megabytes };
}

async function prepareLimit(limit, scenario, job, context) {
  const [name, script] = limit.split(':');
  const { database, facts, options } = context;
  if (name === 'bcrypt') return { name, measure: () => bareBcrypt(options.seconds), stop: () => undefined };
  if (name === 'pgbench') {
    const { runPgbench } = await import('./pgbench.mjs');
    const { pgbenchProducts: products } = facts;
    const pgbench = { script, databaseUrl: database.url, products, connections: CONNECTIONS };
    const measureOnce = async () => ({
      perSecond: await runPgbench({ ...pgbench, seconds: options.seconds + 1 }),
    });
    return { name, measure: measureOnce, stop: () => undefined };
  }
  const { startLimit } = await import('./limit-server.mjs');
  const server = await startLimit(await limitJob(name, scenario, job, context));
  const bare = { ...job, url: server.url, steps: [{ paths: ['/answer'] }], tokens: undefined };
  return { name, measure: () => measure(bare, server.pid, 1), stop: server.stop };
}

async function limitJob(kind, scenario, job, { database, facts }) {
  if (kind === 'pg') {
    const { recordStatements } = await import('./statements.mjs');
    const queries = scenario.queries(facts);
    const requests = await recordStatements(database.url, scenario.ask, queries);
    return { kind, databaseUrl: database.url, options: '-c work_mem=16MB -c jit=off', requests };
  }
  const [{ paths }] = job.steps;
  const headers = job.tokens ? { Authorization: `Bearer ${job.tokens[0]}` } : {};
  return { kind, body: await (await fetch(`${job.url}${paths[0]}`, { headers })).text() };
}

async function bareBcrypt(seconds) {
  const { run, inRoot } = await import('../scripts/ensure.mjs');
  const args = [inRoot('bench/bare-bcrypt.mjs'), String(BCRYPT_COST), String(seconds + 1)];
  return { perSecond: Number((await run(process.execPath, args)).output) };
}

function medianOf(runs) {
  const sorted = runs.toSorted((left, right) => left.perSecond - right.perSecond);
  const { next: _, ...median } = sorted[Math.floor(sorted.length / 2)];
  const errors = runs.reduce((sum, run) => sum + (run.errors ?? 0), 0);
  return { ...median, errors, spread: [sorted[0].perSecond, sorted.at(-1).perSecond] };
}

function describe(name, { perSecond, p50, p99, cpuMs, errors, statuses }) {
  const times =
    p50 === undefined
      ? ''
      : ` (p50 ${p50?.toFixed(1)} ms, p99 ${p99?.toFixed(1)} ms, CPU ${cpuMs?.toFixed(2)} ms each)`;
  const failures = errors ? ` ${errors} ERRORS ${JSON.stringify(statuses)}` : '';
  return `${name} ${perSecond?.toFixed(0) ?? '-'}/s${times}${failures}`;
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
