/* Writes what was measured: bench/results.json, the tables of bench/RESULTS.md, and a plot. */
import fs from 'node:fs';
import prettier from 'prettier';
import { inRoot } from '../scripts/ensure.mjs';
import { plot } from './plot.mjs';
import { SCENARIOS } from './scenarios.mjs';

const RESULTS = inRoot('bench/results.json');
const REPORT = inRoot('bench/RESULTS.md');
const [BEGIN, END] = ['<!-- figures -->', '<!-- end of figures -->'];
const LIMIT_NAMES = {
  nest: 'bare Nest',
  node: 'bare node:http',
  pg: 'bare node:http and pg',
  pgbench: 'pgbench',
  bcrypt: 'bare bcrypt',
};

/** Keeps what was measured before of other sizes and scenarios. */
export async function saveResults({ size, withRedis }, { machine, readyMs, scenarios }) {
  const results = fs.existsSync(RESULTS) ? JSON.parse(fs.readFileSync(RESULTS, 'utf8')) : {};
  const name = withRedis ? `${size} with Redis` : String(size);
  const before = results[name]?.scenarios ?? {};
  results[name] = { machine, readyMs, scenarios: { ...before, ...scenarios } };
  fs.writeFileSync(RESULTS, await formatted(JSON.stringify(rounded(results)), 'json'));
  await writeReport(results);
  fs.writeFileSync(inRoot('bench/results.svg'), await plot(rowsOf(results['1000']?.scenarios ?? {})));
}

function rounded(value) {
  return JSON.parse(
    JSON.stringify(value, (_, part) => (typeof part === 'number' ? Number(part.toPrecision(4)) : part)),
  );
}

async function formatted(text, parser) {
  return prettier.format(text, { ...(await prettier.resolveConfig(REPORT)), parser });
}

async function writeReport(results) {
  const sizes = Object.entries(results).sort(
    ([left], [right]) => Number.parseInt(left) - Number.parseInt(right),
  );
  const tables = sizes.map(([name, result]) => section(name, result)).join('\n\n');
  const written = fs.existsSync(REPORT) ? fs.readFileSync(REPORT, 'utf8') : `# Results\n\n${BEGIN}\n${END}\n`;
  const [head, rest] = written.split(BEGIN);
  const [, tail] = rest.split(END);
  fs.writeFileSync(REPORT, await formatted(`${head}${BEGIN}\n\n${tables}\n\n${END}${tail}`, 'markdown'));
}

function section(name, { machine, readyMs, scenarios }) {
  const rows = Object.keys(SCENARIOS)
    .filter((key) => scenarios[key])
    .map((key) => row(SCENARIOS[key], scenarios[key]));
  return `## ${name.replace(/^\d+/, (size) => Number(size).toLocaleString('en'))} products

${machine.at.slice(0, 10)}, ${machine.cores} cores (${machine.processor}), Node ${machine.node}. Ready ${(readyMs / 1000).toFixed(1)} s after its start.

| scenario | per second | p50 | p99 | errors | CPU each | memory | limits, per second | share of the first limit | times a peer |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}`;
}

function row({ title, aim, limits }, figures) {
  const { app } = figures;
  const beside = limits.map((limit) => limit.split(':')[0]).filter((name) => figures[name]?.perSecond);
  const [first] = beside;
  const share = first === undefined ? null : app.perSecond / figures[first].perSecond;
  const times = aim.peer === undefined ? null : app.perSecond / aim.peer;
  const cells = [
    title,
    count(app.perSecond),
    ms(app.p50),
    ms(app.p99),
    app.errors,
    ms(app.cpuMs),
    megabytes(app.megabytes),
    beside.map((name) => `${count(figures[name].perSecond)} ${LIMIT_NAMES[name]}`).join(', '),
    aimed(share, aim.share, percent),
    aimed(times, aim.times, (value) => `${count(value)} x`),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** What was reached, what we aim at, and whether that was it. */
function aimed(reached, aim, format) {
  if (reached === null) return '';
  if (aim === undefined) return format(reached);
  return `${format(reached)} of ${format(aim)}: ${reached >= aim ? 'met' : '**short**'}`;
}

function megabytes(value) {
  return value === null ? '' : `${Math.round(value)} MB`;
}

function count(value) {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
}

function ms(value) {
  return value === null || value === undefined ? '' : `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}

function percent(value) {
  return value === null || value === undefined ? '' : `${Math.round(value * 100)} %`;
}

function rowsOf(scenarios) {
  return Object.entries(scenarios).flatMap(([key, figures]) =>
    Object.entries(figures)
      .filter(([, { perSecond }]) => perSecond > 0)
      .map(([name, { perSecond }]) => ({
        scenario: SCENARIOS[key].title,
        name: LIMIT_NAMES[name] ?? 'Cartwright',
        perSecond,
      })),
  );
}
