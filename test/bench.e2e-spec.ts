import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { eventually } from './support/app';
import { createTestDatabase } from './support/database';

/** What the benchmarks do at their beginning: they start a shop. */
const START = `
  const { ensureBuilt } = await import('./scripts/ensure.mjs');
  await ensureBuilt();
  const { startShop } = await import('./bench/shop.mjs');
  const shop = await startShop({ databaseUrl: process.argv[1], bcryptCost: 10 });
  console.log('pid', shop.pid);
  await new Promise((resolve) => setTimeout(resolve, 60_000));
`;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a benchmark', () => {
  // The program may have to be built first, on a machine that is busy.
  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)(
    'takes its shop along when %s ends it',
    async (signal, code) => {
      const database = await createTestDatabase();
      const bench = spawn(process.execPath, ['--input-type=module', '--eval', START, database.url], {
        cwd: path.resolve(__dirname, '..'),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      bench.stdout.on('data', (data: Buffer) => (output += data.toString()));
      await eventually(() => /pid \d+/.test(output), 150);
      const pid = Number(/pid (\d+)/.exec(output)?.[1]);
      expect(isAlive(pid)).toBe(true);
      bench.kill(signal);
      try {
        expect(await once(bench, 'exit')).toEqual([code, null]);
        await eventually(() => !isAlive(pid), 30);
      } finally {
        if (isAlive(pid)) process.kill(pid, 'SIGKILL');
        await database.drop();
      }
    },
    180_000,
  );
});
