import fs from 'node:fs';
import path from 'node:path';
import { plotOperations, plotRate, plotTimes } from './plots.mjs';

const RULE = 'A rule of the shop: what users would be told, and nothing that is wrong.';
/** What an answer that is no success means for who tests. */
const MEANINGS = {
  too_many_requests:
    'A rate limit. The shop counts requests by user, and by address where nobody is signed in: all guests of a load test are one address. Raise the limit (RATE_LIMIT_…, see docs/configuration.md), or start the shop with RATE_LIMIT=off, which production refuses.',
  insufficient_stock: RULE,
  product_unavailable: RULE,
  currency_mismatch: RULE,
  cart_full: RULE,
  illegal_transition: RULE,
  version_mismatch: RULE,
  service_unavailable:
    'The shop had to refuse: it is overloaded (connections to the database, hashes of passwords), or what it needs is away. See its log, and docs/capacity.md.',
  internal_error: 'A bug of the shop. Its log says more, under the id of the request.',
  timeout: 'No answer within 30 s.',
  ECONNREFUSED: 'Nobody listens there (any more).',
  ECONNRESET: 'The connection was cut before the answer.',
};

/** Writes one file that needs nothing else. @returns how many requests failed */
export async function writeReport({ options, recorder, notes, machine }) {
  fs.mkdirSync(path.dirname(options.report), { recursive: true });
  fs.writeFileSync(options.report, await page({ options, recorder, notes, machine }));
  return recorder.counts.failed;
}

async function page({ options, recorder, notes, machine }) {
  const { counts, all, duration, seconds, total } = recorder;
  const operations = [...recorder.operations]
    .map(([name, figures]) => ({ name, ...figures }))
    .sort((a, b) => b.times.count - a.times.count);
  const whole = seconds.slice(0, Math.max(1, Math.floor(duration)));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Load test of ${escape(options.url)}</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
  table { border-collapse: collapse; margin: 1rem 0 } td, th { padding: .25rem .75rem; border-bottom: 1px solid #ddd; text-align: right }
  td:first-child, th:first-child, td.text { text-align: left } .figures b { font-size: 1.6rem; display: block } .figures { display: flex; gap: 2.5rem; flex-wrap: wrap }
  svg { max-width: 100%; height: auto } footer { color: #777; margin-top: 2rem }
</style></head><body>
<h1>Load test of ${escape(options.url)}</h1>
<p>${options.users} users for ${duration.toFixed(0)} s, ${options.think} ms of thought between two requests in the mean.</p>
<div class="figures">
${figure('requests', total)}${figure('a second', (total / duration).toFixed(1))}${figure('median', time(all.percentile(0.5)))}
${figure('99th percentile', time(all.percentile(0.99)))}${figure('refused', counts.refused)}${figure('failed', counts.failed)}
</div>
${notes.map((note) => `<p>${escape(note)}</p>`).join('\n')}
<h2>Answers</h2>${await plotRate(whole)}
<h2>Times</h2>${await plotTimes(whole)}
<h2>Operations</h2>${operations.length > 0 ? await plotOperations(operations) : ''}
${operationTable(operations, duration)}
<h2>What was no success</h2>
${unsuccessfulTable([...recorder.unsuccessful.values()].sort((a, b) => b.count - a.count))}
<footer>${escape(new Date().toISOString())}. The load came from: ${escape(machine)}. Times are as users see them, to two percent.</footer>
</body></html>
`;
}

function operationTable(operations, duration) {
  const row = ({ name, times, refused, failed }) =>
    cells([
      escape(name),
      times.count,
      (times.count / duration).toFixed(1),
      ...[0.5, 0.95, 0.99].map((share) => time(times.percentile(share))),
      time(times.max),
      refused,
      failed,
    ]);
  const head = ['operation', 'requests', 'a second', 'p50', 'p95', 'p99', 'longest', 'refused', 'failed'];
  return table(head, operations.map(row));
}

function unsuccessfulTable(answers) {
  if (answers.length === 0) return '<p>Nothing.</p>';
  const row = ({ status, code, count, operations }) =>
    cells([
      `${status || 'no answer'} ${escape(code)}`,
      count,
      `<td class="text">${escape([...operations].join(', '))}</td>`,
      `<td class="text">${escape(MEANINGS[code] ?? (status >= 500 || status === 0 ? 'A failure.' : 'See section 7 of the API’s description.'))}</td>`,
    ]);
  return table(['answer', 'count', 'of', 'what it means'], answers.map(row));
}

function table(head, rows) {
  return `<table><tr>${head.map((name) => `<th>${name}</th>`).join('')}</tr>${rows.join('\n')}</table>`;
}

function cells(values) {
  const cell = (value) => (String(value).startsWith('<td') ? value : `<td>${value}</td>`);
  return `<tr>${values.map(cell).join('')}</tr>`;
}

function figure(name, value) {
  return `<div><b>${value}</b>${name}</div>`;
}

function time(ms) {
  return ms === null ? '–' : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

function escape(text) {
  return String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
