import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../support/app';
import type { BuiltServer } from './built-server';

/** What a server needs to be measured. */
export const MEASURABLE = { NODE_OPTIONS: `--require ${path.join(__dirname, 'tell-memory.cjs')}` };

/** In bytes. */
export interface Memory {
  heapUsed: number;
  /** Buffers. */
  external: number;
  /** Of the whole process. */
  rss: number;
}

const MEGABYTE = 1_000_000;

/**
 * The heap at rest is the same within a megabyte from one collection to the next. A request and its answer that stay are
 * some 8 kB: 500 of them are seen.
 */
const MAX_GROWTH = 4 * MEGABYTE;
/** What is not in the heap of JavaScript is also what libraries and the allocator keep for the next time. */
const MAX_GROWTH_OF_PROCESS = 60 * MEGABYTE;

/** What the server holds at rest, with its garbage collected. */
export async function memoryOf(server: BuiltServer): Promise<Memory> {
  const lines = (): string[] => server.output.match(/^\{"event":"memory".*\}$/gm) ?? [];
  // What is still done of the last requests, such as their mails.
  await sleep(2_000);
  const before = lines().length;
  process.kill(server.pid ?? 0, 'SIGUSR2');
  await eventually(() => lines().length > before, 30);
  return JSON.parse(lines().at(-1) ?? '') as Memory;
}

/** Expects that the last of them is as the first. */
export function expectFlat(memories: readonly Memory[]): void {
  const [first, last] = [memories.at(0), memories.at(-1)];
  const grown = (key: keyof Memory): number => (last?.[key] ?? Infinity) - (first?.[key] ?? 0);
  expect(grown('heapUsed')).toBeLessThan(MAX_GROWTH);
  expect(grown('external')).toBeLessThan(MAX_GROWTH);
  expect(grown('rss')).toBeLessThan(MAX_GROWTH_OF_PROCESS);
}

/** For the report: the figures, one measurement after the other. */
export function describeMemories(memories: readonly Memory[]): string {
  const list = (key: keyof Memory): string =>
    memories.map((memory) => (memory[key] / MEGABYTE).toFixed(1)).join(' ');
  return `heap ${list('heapUsed')}, buffers ${list('external')}, process ${list('rss')} MB`;
}
