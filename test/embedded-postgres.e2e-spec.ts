import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../src/database/embedded-postgres';
import { copyCluster } from '../src/database/embedded-postgres-cluster';
import { queryColumn } from './support/sql';

describe('the embedded PostgreSQL', () => {
  const remains: (() => Promise<void> | void)[] = [];
  let made: string;
  let folder: string;

  beforeAll(async () => {
    made = newFolder();
    const server = await startEmbeddedPostgres({ dataDir: made, isThrowaway: true });
    await server.stop();
  });

  afterAll(() => fs.rmSync(made, { recursive: true, force: true }));

  beforeEach(() => {
    folder = newFolder();
  });

  afterEach(async () => {
    for (const end of remains.splice(0).reverse()) await end();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  function newFolder(): string {
    const name = fs.mkdtempSync(path.join(os.tmpdir(), 'cartwright-postgres-'));
    // As root, the server runs as another user, who must be able to enter.
    fs.chmodSync(name, 0o755);
    return name;
  }

  async function start({ isThrowaway = true } = {}): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres({ dataDir: folder, isThrowaway });
    remains.push(() => server.stop());
    return server;
  }

  /** Starts it on files that are there: to create them takes longer, and is for the tests of that. */
  function startAgain(options?: Parameters<typeof start>[0]): Promise<EmbeddedPostgres> {
    copyCluster(made, folder);
    return start(options);
  }

  function file(name: string): string {
    return path.join(folder, 'pg18', name);
  }

  function serverPid(): number {
    return Number.parseInt(fs.readFileSync(file('data/postmaster.pid'), 'utf8'), 10);
  }

  async function isRunning(server: EmbeddedPostgres): Promise<boolean> {
    const answer = await queryColumn(server.url, 'SELECT true').catch(() => []);
    return answer.length > 0;
  }

  async function waitUntilStopped(server: EmbeddedPostgres): Promise<void> {
    for (let i = 0; i < 200 && (await isRunning(server)); i += 1) await sleep(20);
    expect(await isRunning(server)).toBe(false);
  }

  it('keeps the data from one start to the next, and knows letters beyond ASCII', async () => {
    const first = await start();
    await queryColumn(first.url, "CREATE TABLE kept AS SELECT lower('ÄÖΣ') AS word");
    await first.stop();
    expect(await isRunning(first)).toBe(false);
    const second = await start();
    expect(await queryColumn(second.url, 'SELECT word FROM kept')).toEqual(['äöσ']);
  });

  it('is shared by all who start it on the same folder, and stops with the last of them', async () => {
    const [first, second] = await Promise.all([start(), start()]);
    expect(second.url).toBe(first.url);
    await first.stop();
    expect(await isRunning(second)).toBe(true);
    await second.stop();
    expect(await isRunning(second)).toBe(false);
  });

  it('stops when its last user is killed', async () => {
    const server = await startAgain();
    const user = spawn('/bin/sh', ['-c', 'exec sleep 60 3<> "$0"', file('users')], { stdio: 'ignore' });
    remains.push(() => void user.kill('SIGKILL'));
    await sleep(200);
    await server.stop();
    expect(await isRunning(server)).toBe(true);
    user.kill('SIGKILL');
    await waitUntilStopped(server);
  });

  it('loses nothing when it is killed', async () => {
    const server = await startAgain({ isThrowaway: false });
    await queryColumn(server.url, 'CREATE TABLE survivor AS SELECT 42 AS answer');
    process.kill(serverPid(), 'SIGKILL');
    await waitUntilStopped(server);
    const next = await start({ isThrowaway: false });
    expect(await queryColumn(next.url, 'SELECT answer::text FROM survivor')).toEqual(['42']);
  });

  it('starts although the number of its last process belongs to another program by now', async () => {
    const server = await startAgain();
    const record = fs.readFileSync(file('data/postmaster.pid'), 'utf8');
    await server.stop();
    fs.writeFileSync(file('data/postmaster.pid'), record.replace(/^\d+/, String(process.pid)));
    expect(await isRunning(await start())).toBe(true);
  });

  it('clears away what a killed start left half made', async () => {
    const half = path.join(folder, 'pg18.999999999.ab12.new');
    fs.mkdirSync(half);
    await start();
    expect(fs.readdirSync(folder)).toEqual(['pg18']);
  });

  it('says what to do when the data folder cannot be used', async () => {
    const dataDir = path.join(folder, 'a-file');
    fs.writeFileSync(dataDir, '');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
      /Cannot write to the data folder .* set DATA_DIR to another folder/,
    );
  });

  it.each([
    ['a part is missing', () => fs.rmSync(file('password')), /lacks its password: put it back/],
    [
      'the password is another',
      () => fs.writeFileSync(file('password'), 'no'),
      /does not accept its password/,
    ],
    [
      'the files are damaged',
      () => fs.rmSync(file('data/global/pg_control')),
      /did not start .*: see .*postgres\.log/,
    ],
  ])('says what to do when %s', async (_, damage, advice) => {
    await (await startAgain()).stop();
    damage();
    await expect(start()).rejects.toMatchObject({
      name: 'StartupError',
      message: expect.stringMatching(advice),
    });
  });
});
