import { Events } from '../src/common/events/events';
import { Jobs } from '../src/common/jobs/jobs';
import { listWork, type QueuedWork, removeWork, retryGivenUp, retryWork } from '../src/database/stuck-work';
import { eventually } from './support/app';
import { Program } from './support/program';
import { Shop } from './support/shop';

declare module '../src/common/jobs/jobs' {
  interface JobPayloads {
    test_stuck: { name: string };
  }
}

// The programs may have to be built first, on a machine that is busy.
jest.setTimeout(180_000);

describe('background work', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  beforeEach(async () => {
    await shop.query('DELETE FROM graphile_worker._private_jobs');
    await shop.query('UPDATE events SET dispatched_at = now()');
  });

  afterAll(() => shop.close());

  /** A job with these columns, as the worker would leave them. @returns its id */
  async function jobThat(columns: string): Promise<string> {
    await shop.test.dataSource.transaction((tx) =>
      shop.test.app.get(Jobs).add('test_stuck', { name: 'Ann Buyer' }, { maxAttempts: 3 }, tx),
    );
    const [job] = await shop.query<{ id: string }>(
      'SELECT id FROM graphile_worker.jobs ORDER BY id DESC LIMIT 1',
    );
    await shop.query(`UPDATE graphile_worker._private_jobs SET ${columns} WHERE id = $1`, [job?.id]);
    return job?.id ?? '';
  }

  const givenUpJob = (): Promise<string> => jobThat(`attempts = 3, last_error = E'No\\nroute to host'`);

  async function eventThat(columns: string): Promise<string> {
    const subjectId = (await shop.product()).id;
    const event = { type: 'stock.low' as const, subjectType: 'product' as const, subjectId, data: {} };
    await shop.query('UPDATE events SET dispatched_at = now()');
    await shop.test.dataSource.transaction((tx) => shop.test.app.get(Events).record([event], tx));
    const [row] = await shop
      .query<{ id: string }>(`UPDATE events SET ${columns} WHERE dispatched_at IS NULL RETURNING id`)
      .then(([rows]) => rows as unknown as { id: string }[]);
    return row?.id ?? '';
  }

  const parkedEvent = (): Promise<string> =>
    eventThat(`failures = 10, last_error = 'No consumer', retry_at = now(), parked_at = now()`);

  async function queue(givenUpOnly = false): Promise<Pick<QueuedWork, 'id' | 'state'>[]> {
    const { rows } = await listWork(shop.test.dataSource, { givenUpOnly, limit: 10 });
    return rows.map(({ id, state }) => ({ id, state }));
  }

  it('is listed with what was given up before the rest', async () => {
    const waits = await jobThat('attempts = 0');
    const again = await jobThat(`attempts = 1, run_at = now() + interval '1 minute'`);
    const lastTry = await jobThat(`attempts = 3, locked_at = now(), locked_by = 'a worker'`);
    const [job, event] = [await givenUpJob(), await parkedEvent()];
    expect(await queue()).toEqual([
      { id: job, state: 'given up' },
      { id: event, state: 'given up' },
      { id: waits, state: 'waits' },
      { id: again, state: 'tried again' },
      { id: lastTry, state: 'runs' },
    ]);
    expect(await queue(true)).toEqual([
      { id: job, state: 'given up' },
      { id: event, state: 'given up' },
    ]);
    const { rows, total } = await listWork(shop.test.dataSource, { givenUpOnly: false, limit: 1 });
    expect([rows.length, total]).toEqual([1, 5]);
  });

  it('that was given up is due again with all its tries, one by one or all at once', async () => {
    const [job, event] = [await givenUpJob(), await parkedEvent()];
    const { dataSource } = shop.test;
    expect(await retryWork(dataSource, job)).toBe('done');
    expect(await retryWork(dataSource, event)).toBe('done');
    expect((await queue()).map(({ state }) => state)).toEqual(['waits', 'waits']);
    const [another, running] = [await givenUpJob(), await jobThat(`attempts = 3, locked_at = now()`)];
    expect(await retryGivenUp(dataSource)).toBe(1);
    expect(await queue()).toContainEqual({ id: another, state: 'waits' });
    expect(await queue()).toContainEqual({ id: running, state: 'runs' });
  });

  it('is removed: a job is gone, and of an event nobody is told', async () => {
    const [job, event] = [await givenUpJob(), await parkedEvent()];
    expect(await removeWork(shop.test.dataSource, job)).toBe('done');
    expect(await removeWork(shop.test.dataSource, event)).toBe('done');
    expect(await queue()).toEqual([]);
    expect(await shop.query('SELECT FROM events WHERE id = $1', [event])).toHaveLength(1);
  });

  it('is left alone while a worker has it in hand, and when there is none of that name', async () => {
    const running = await jobThat('attempts = 1, locked_at = now()');
    for (const act of [retryWork, removeWork]) {
      expect(await act(shop.test.dataSource, running)).toBe('runs');
      expect(await act(shop.test.dataSource, '999999999')).toBe('missing');
      expect(await act(shop.test.dataSource, '01a0b1c2-0000-7000-8000-000000000000')).toBe('missing');
    }
  });

  it('is shown and retried by command, whose exit code says whether it did', async () => {
    const job = await givenUpJob();
    const settings = { DATABASE_URL: shop.test.databaseUrl };
    const jobs = (...args: string[]) => Program.run('src/commands/jobs', settings, args);
    const [listed, missing, misused] = await Promise.all([
      jobs('list', '--failed'),
      jobs('retry', '999999999'),
      jobs('retry', 'everything'),
    ]);
    expect(listed.output).toMatch(new RegExp(`^${job} +job test_stuck +given up +3 +No route to host$`, 'm'));
    expect(listed.output).not.toContain('Ann Buyer');
    expect(missing.output).toContain('Job 999999999 does not wait.');
    expect(misused.output).toContain('npm run jobs -- list');
    expect([listed, missing, misused].map(({ code }) => code)).toEqual([0, 1, 2]);
  });

  it('is done by a worker alone, which ends what it does when it is told to stop', async () => {
    const settings = { DATABASE_URL: shop.test.databaseUrl };
    const worker = Program.start('src/worker', settings);
    const refused = Program.run('src/worker', { ...settings, JOBS: 'off' });
    try {
      const [ann, product] = [await shop.customer(), await shop.product()];
      await shop.order(ann, [{ productId: product.id, quantity: 1 }]);
      await worker.hasLogged('worker_ready');
      await eventually(async () => (await queue()).length === 0, 30);
      expect(worker.logs).toContainEqual(expect.objectContaining({ event: 'job_done' }));
      worker.signal('SIGTERM');
      expect(await worker.exitCode).toBe(0);
    } finally {
      await worker.kill();
    }
    expect(await refused).toEqual({ code: 1, output: expect.stringContaining('JOBS=on') });
  });
});
