import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Shop } from './support/shop';

const SCRIPT = path.resolve(__dirname, '../scripts/loadtest.mjs');

interface Run {
  code: number;
  output: string;
}

function loadTest(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT, ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
    });
  });
}

describe('npm run loadtest', () => {
  let shop: Shop;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'cartwright-loadtest-'));
    shop = await Shop.open({ settings: { RATE_LIMIT: 'on', RATE_LIMIT_CATALOGUE_USER: '1' } });
    await shop.product({ name: 'Linen blanket' });
    await shop.category();
  });

  afterAll(async () => {
    await shop.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('lets users shop for a while, and reports it in one file that needs nothing else', async () => {
    const report = path.join(folder, 'report.html');
    const { email, password } = shop.editor;
    const users = ['--users', '4', '--seconds', '3', '--think', '20', '--editor', `${email}:${password}`];
    const run = await loadTest('--url', shop.api.origin, ...users, '--report', report);
    expect(run).toEqual({ code: 0, output: expect.stringContaining(report) });
    expect(run.output).toMatch(/3\/3 s \| \d+ requests\/s/);
    const page = await readFile(report, 'utf8');
    expect(page.match(/<svg/g)).toHaveLength(3);
    expect(page).not.toMatch(/<script|<link|(src|href)="/);
    expect(page).toMatch(/<td>(product list|suggestions|add to cart)<\/td>/);
    expect(page).toMatch(/429 too_many_requests.*A rate limit/);
  });

  it('closes the accounts that it opened', async () => {
    const rows = await shop.query(`SELECT FROM users WHERE email LIKE 'loadtest-%'`);
    expect(rows).toEqual([]);
  });

  it('leaves shops of others alone, and says when nobody answers', async () => {
    expect(await loadTest('--url', 'https://shop.example')).toEqual({
      code: 2,
      output: expect.stringContaining('--i-own-this-host'),
    });
    expect(await loadTest('--url', 'http://127.0.0.1:1')).toEqual({
      code: 2,
      output: expect.stringContaining('Nobody answers'),
    });
  });
});
