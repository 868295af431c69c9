import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from './support/api-client';
import { eventually } from './support/app';
import { createTestDatabase, type TestDatabase } from './support/database';
import { Program } from './support/program';

// The program may have to be built first, on a machine that is busy.
jest.setTimeout(180_000);

const PATIENCE_SECONDS = 60;
const SIGN_INS = 4;

describe('two workers on one port', () => {
  let database: TestDatabase;
  let program: Program;
  let settings: Record<string, string>;
  let api: ApiClient;

  beforeAll(async () => {
    database = await createTestDatabase();
    settings = {
      DATABASE_URL: database.url,
      WORKERS: '2',
      HOST: '127.0.0.1',
      SHUTDOWN_DELAY_MS: '0',
      RATE_LIMIT_SIGN_IN: String(SIGN_INS),
      RATE_LIMIT_CATALOGUE: '1000000',
    };
    program = Program.start('src/main', { ...settings, PORT: '0' });
    await program.hasLogged('workers_ready');
    const port = Number(program.logs.find(({ event }) => event === 'workers_ready')?.port);
    // Each request on a connection of its own, so that both workers get some.
    api = new ApiClient(`http://127.0.0.1:${port}`, { Connection: 'close' });
  });

  afterAll(async () => {
    await program.kill();
    await database.drop();
  });

  const readied = (): unknown[] =>
    program.logs.filter(({ event }) => event === 'worker_ready').map(({ worker }) => worker);

  /** The process that is in this place by now. */
  const pidOf = (worker: number): number =>
    Number(program.logs.findLast((line) => line.event === 'worker_ready' && line.worker === worker)?.pid);

  const scrape = async (): Promise<string> => (await api.get<string>('//metrics')).body;

  it('are measured together, whichever of them is asked', async () => {
    await Promise.all(Array.from({ length: 20 }, () => api.get('/categories')));
    const text = await scrape();
    const route = /^http_request_duration_seconds_count\{.*route="\/api\/categories".*\} (\d+)$/gm;
    const counts = [...text.matchAll(route)].map(([line, count]) => [
      /worker="(\d)"/.exec(line)?.[1],
      Number(count),
    ]);
    expect(new Set(counts.map(([worker]) => worker))).toEqual(new Set(['1', '2']));
    expect(counts.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(20);
    expect(text.match(/^process_start_time_seconds\{worker="\d"\}/gm)).toHaveLength(2);
    expect(text.match(/^# TYPE http_request_duration_seconds /gm)).toHaveLength(1);
    expect(text.match(/^jobs_pending \d+$/gm)).toHaveLength(1);
  });

  it('count sign-ins together', async () => {
    const guess = { email: 'nobody@example.com', password: 'a guess 42' };
    const statuses: number[] = [];
    for (let i = 0; i < 2 * SIGN_INS; i++) statuses.push((await api.post('/auth/login', guess)).status);
    expect(statuses).toEqual([...Array<number>(SIGN_INS).fill(401), ...Array<number>(SIGN_INS).fill(429)]);
  });

  it('are replaced when one is killed, while the other goes on', async () => {
    process.kill(pidOf(2), 'SIGKILL');
    await eventually(() => program.logs.some(({ event }) => event === 'worker_lost'), PATIENCE_SECONDS);
    expect((await api.get('//health')).status).toBe(200);
    await eventually(() => readied().length === 3, PATIENCE_SECONDS);
    expect(readied().at(-1)).toBe(2);
  });

  it('are replaced one by one on SIGHUP, and no request fails', async () => {
    const before = [pidOf(1), pidOf(2)];
    const first = readied().length;
    const statuses = new Set<number>();
    let isOver = false;
    const load = (async () => {
      while (!isOver) {
        statuses.add((await api.get('/categories')).status);
        await sleep(5);
      }
    })();
    program.signal('SIGHUP');
    const retired = (): number => program.logs.filter(({ signal }) => signal === 'retire').length;
    await eventually(() => readied().length === first + 2 && retired() === 2, PATIENCE_SECONDS);
    isOver = true;
    await load;
    expect(readied().slice(first)).toEqual([1, 2]);
    expect([pidOf(1), pidOf(2)].filter((pid) => before.includes(pid))).toEqual([]);
    expect([...statuses]).toEqual([200]);
  });

  it('refuse to start where the port is taken, with one line that says so', async () => {
    const { code, output } = await Program.run('src/main', { ...settings, PORT: new URL(api.origin).port });
    expect(code).toBe(1);
    expect(output).toMatch(/^Port \d+ is in use\./m);
  });

  it('end well when they are told to stop before all of them have started', async () => {
    const other = Program.start('src/main', { ...settings, PORT: '0' });
    await other.hasLogged('worker_ready');
    other.signal('SIGTERM');
    expect(await other.exitCode).toBe(0);
    expect(other.logs.map(({ event }) => event)).toContain('shutdown');
  });

  it('end together when their primary is told to stop', async () => {
    const pids = [pidOf(1), pidOf(2)];
    program.signal('SIGTERM');
    expect(await program.exitCode).toBe(0);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});

describe.each(['src/main', 'src/worker'])('%s, while it starts', (entry) => {
  it.each(['SIGTERM', 'SIGINT'] as const)('ends well on %s', async (signal) => {
    const silent = net.createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const connected = once(silent, 'connection');
    const program = Program.start(entry, { DATABASE_URL: `postgres://shop:word@127.0.0.1:${port}/shop` });
    const [socket] = (await connected) as [net.Socket];
    program.signal(signal);
    expect(await program.exitCode).toBe(0);
    socket.destroy();
    silent.close();
  });
});
