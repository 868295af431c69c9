import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Verdict } from './verdict';

/** What came of one kind of fault. */
interface Row {
  fault: string;
  tries: number;
  verdict: Verdict;
  /** After how many milliseconds a shopper was served again, for each try that took the shop away. */
  firstSuccesses?: readonly number[];
  /** What else was measured. */
  note?: string;
}

const HEADINGS = ['fault', 'tries', 'acknowledged', 'lost', 'doubled', 'broken', 'first success after', ''];

/** Keeps the row for the end of the run, before anything is expected of it: what went wrong is reported too. */
export function report({ fault, tries, verdict, firstSuccesses = [], note = '' }: Row): void {
  const { acknowledged, lost, doubled, broken } = verdict;
  const slowest = firstSuccesses.length > 0 ? `${Math.round(Math.max(...firstSuccesses))} ms` : '';
  const cells = [fault, tries, acknowledged, lost.length, doubled.length, broken.length, slowest, note];
  appendFileSync(reportFile(), `${JSON.stringify(cells.map(String))}\n`);
}

/** Prints the rows of the run as a table. */
export function printReport(): void {
  if (!existsSync(reportFile())) return;
  const lines = readFileSync(reportFile(), 'utf8').trim().split('\n');
  const rows = [HEADINGS, ...lines.map((line) => JSON.parse(line) as string[])];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const rule = widths.map((width) => '-'.repeat(width));
  const [first = [], ...others] = rows;
  const table = [first, rule, ...others].map((row) => toLine(row, widths));
  process.stdout.write(`\n${table.join('\n')}\n`);
}

function toLine(row: readonly string[], widths: readonly number[]): string {
  return `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
}

function reportFile(): string {
  const { FAULT_REPORT: file } = process.env;
  if (!file) throw new Error('No report: run the fault tests with npm run test:faults');
  return file;
}
