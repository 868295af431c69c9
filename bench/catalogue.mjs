/*
 * Measures reading the catalogue at 1,000, 100,000 and 1,000,000 products, in this process, on embedded databases of
 * its own, without HTTP and without the cache: how long all statements of a page take, warm, with the plan of the
 * slowest. Writes bench/CATALOGUE.md.
 *   npm run bench:catalogue                    about twenty minutes the first time, most of it for seeding
 *   npm run bench:catalogue -- --sizes 1000    a part
 * The databases stay in .data/bench, about 3 GB; delete them when a migration that has run was changed.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { CommandError, ensureBuilt, ensureInstalled, inRoot, main } from '../scripts/ensure.mjs';

const SIZES = [1_000, 100_000, 1_000_000];
const WARM_UPS = 3;
const RUNS = 15;
const DEEP_PAGE = 500;
/** As a server of this size would be set up; the default is made for the smallest machines. */
const SHARED_BUFFERS = '2GB';

const SCENARIOS = {
  'page 1': list({}),
  'category page, with everything below': list({ category: 'home-and-living' }),
  'category page, cheapest first': list({ category: 'textiles', sort: ['price'] }),
  'price filter': list({ minPrice: 20, maxPrice: 30 }),
  'price filter, cheapest first': list({ minPrice: 20, maxPrice: 30, sort: ['price'] }),
  'out of stock, by name': list({ inStock: false, sort: ['name'] }),
  [`page ${DEEP_PAGE} by cursor`]: deepPage,
  'search, two words': list({ q: 'linen blanket' }),
  'search, two words and a category': list({ q: 'linen blanket', category: 'textiles' }),
  'search, one broad word': list({ q: 'linen' }),
  'search, a misspelt word': list({ q: 'linne blanket' }),
  'search, no product has all words': list({ q: 'zebra linen oak' }),
  'search, a sku': list({ q: 'GEN-0000123' }),
  'suggest, one letter': (service) => service.suggest('l'),
  'suggest, two words': (service) => service.suggest('linen bl'),
  'suggest, misspelt': (service) => service.suggest('blnket'),
  facets: (service) => service.countFacets({}, undefined),
  'facets of a search': (service) => service.countFacets({ q: 'linen blanket' }, undefined),
  'facets of a category and a price': (service) =>
    service.countFacets({ category: 'textiles', minPrice: 20 }, undefined),
};

function list(query) {
  return (service) => service.list(query, undefined);
}

await main(async () => {
  const sizes = parseSizes(process.argv.slice(2));
  await ensureInstalled();
  await ensureBuilt();
  const columns = [];
  for (const size of sizes) columns.push({ size, figures: await measureSize(size) });
  const report = toMarkdown(columns);
  if (sizes.length === SIZES.length) fs.writeFileSync(inRoot('bench/CATALOGUE.md'), report);
  process.stdout.write(report);
});

function parseSizes([option, value]) {
  if (option === undefined) return SIZES;
  const sizes = (value ?? '').split(',').map(Number);
  if (option !== '--sizes' || !sizes.every((size) => Number.isInteger(size) && size >= 200))
    throw new CommandError('Say npm run bench:catalogue, or with -- --sizes 1000,100000');
  return sizes;
}

async function measureSize(size) {
  const dataDir = inRoot('.data/bench', String(size));
  fs.mkdirSync(dataDir, { recursive: true });
  if (!fs.existsSync(`${dataDir}/seeded`)) seed(size, dataDir);
  return withCatalogue(dataDir, measureScenarios);
}

function seed(size, dataDir) {
  const { status } = spawnSync(
    process.execPath,
    [inRoot('scripts/run.mjs'), 'seeds/seed', '--scale', String(size)],
    {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: dataDir },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  if (status !== 0) throw new CommandError(`Seeding ${size} products failed: see above.`);
  fs.writeFileSync(`${dataDir}/seeded`, '');
}

async function load(file) {
  return (await import(inRoot('dist/src', file))).default;
}

/** Runs the work with the product service of the built application and the statements that it sends. */
async function withCatalogue(dataDir, work) {
  const { parseEnv } = await load('config/env.js');
  const { createLogger } = await load('common/logging/logger.js');
  const { createApp } = await load('create-app.js');
  const { provideDatabase } = await load('database/provide-database.js');
  const { ProductsService } = await load('modules/products/products.service.js');
  const { DataSource } = (await import('typeorm')).default;
  const env = parseEnv({ DATA_DIR: dataDir, LOG_LEVEL: 'silent' });
  await configureServer(env);
  const database = await provideDatabase(env, () => undefined);
  const app = await createApp(env, createLogger(env.LOG_LEVEL), database.url);
  try {
    const dataSource = app.get(DataSource);
    await dataSource.query('ANALYZE products, categories, search_words');
    return await work(app.get(ProductsService), dataSource);
  } finally {
    await app.close();
    await database.stop();
  }
}

/** The setting needs a start of its own. */
async function configureServer(env) {
  const { provideDatabase } = await load('database/provide-database.js');
  const { withDataSource } = await load('database/data-source.js');
  const { migrate } = await load('database/migrate.js');
  const database = await provideDatabase(env, () => undefined);
  await migrate(database.url);
  await withDataSource(database.url, async (dataSource) => {
    await dataSource.query(`ALTER SYSTEM SET shared_buffers = '${SHARED_BUFFERS}'`);
    await dataSource.query('VACUUM ANALYZE products');
  });
  await database.stop();
}

async function measureScenarios(service, dataSource) {
  const statements = recordStatements(dataSource);
  const figures = {};
  for (const [name, run] of Object.entries(SCENARIOS)) {
    const prepared = run === deepPage ? await pageBefore(service) : run;
    for (let n = 0; n < WARM_UPS; n++) await prepared(service);
    const runs = [];
    for (let n = 0; n < RUNS; n++) {
      statements.length = 0;
      const from = performance.now();
      await prepared(service);
      runs.push({ ms: performance.now() - from, statements: [...statements] });
    }
    figures[name] = await summarise(runs, dataSource);
    process.stderr.write(`${name}: ${figures[name].median.toFixed(1)} ms\n`);
  }
  return figures;
}

async function deepPage() {
  throw new Error('is prepared by pageBefore');
}

/** Walks to the page before, and returns the request of the deep one. */
async function pageBefore(service) {
  let cursor = '';
  for (let page = 1; page < DEEP_PAGE; page++) {
    const { meta } = await service.list({ cursor }, undefined);
    if (meta.nextCursor === null) break;
    cursor = meta.nextCursor;
  }
  return list({ cursor });
}

/** Every statement with its time, measured where it is sent. */
function recordStatements(dataSource) {
  const statements = [];
  const query = dataSource.query.bind(dataSource);
  dataSource.query = async (sql, parameters) => {
    const from = performance.now();
    try {
      return await query(sql, parameters);
    } finally {
      statements.push({ sql, parameters, ms: performance.now() - from });
    }
  };
  dataSource.unrecorded = query;
  return statements;
}

async function summarise(runs, dataSource) {
  const times = runs.map(({ ms }) => ms).sort((left, right) => left - right);
  const { statements } = runs.at(-1);
  const slowest = statements.reduce((left, right) => (right.ms > left.ms ? right : left));
  const explain = slowest.sql.startsWith('EXPLAIN')
    ? ''
    : 'EXPLAIN (ANALYZE, COSTS OFF, BUFFERS OFF, SUMMARY OFF) ';
  const plan = await dataSource.unrecorded(explain + slowest.sql, slowest.parameters);
  return {
    median: times[Math.floor(times.length / 2)],
    worst: times.at(-1),
    statements: statements.length,
    plan: plan.map((row) => shorten(String(row['QUERY PLAN']))).join('\n'),
  };
}

function shorten(line) {
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}

function toMarkdown(columns) {
  const names = Object.keys(SCENARIOS);
  const sizes = columns.map(({ size }) => size.toLocaleString('en'));
  const cell = ({ median, worst, statements }) => `${median.toFixed(1)} (${worst.toFixed(1)}), ${statements}`;
  const rows = names.map(
    (name) => `| ${[name, ...columns.map(({ figures }) => cell(figures[name]))].join(' | ')} |`,
  );
  const largest = columns.at(-1);
  const plans = names.map((name) => `### ${name}\n\n\`\`\`\n${largest.figures[name].plan}\n\`\`\`\n`);
  return [
    '# Reading the catalogue',
    '',
    `How long all statements of one page take, in milliseconds: the median of ${RUNS} warm runs (the worst), and the number of`,
    `statements. Without HTTP and without the cache. PostgreSQL 18 with shared_buffers = ${SHARED_BUFFERS}, ${os.cpus().length} cores.`,
    '',
    `| products | ${sizes.join(' | ')} |`,
    `| --- | ${sizes.map(() => '---').join(' | ')} |`,
    ...rows,
    '',
    `## Plans at ${sizes.at(-1)} products`,
    '',
    'The slowest statement of each.',
    '',
    ...plans,
  ].join('\n');
}
