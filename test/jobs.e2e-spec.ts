import { Jobs, type JobRun } from '../src/common/jobs/jobs';
import { eventually, startTestApp, type TestApp } from './support/app';
import { Shop } from './support/shop';

declare module '../src/common/jobs/jobs' {
  interface JobPayloads {
    test_note: { text: string };
  }
}

interface JobRow {
  id: string;
  attempts: number;
  text: string;
  lastError: string | null;
  waitsSeconds: number;
}

describe('jobs', () => {
  let shop: Shop;
  let workers: TestApp[] = [];

  beforeAll(async () => {
    shop = await Shop.open();
  });

  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.close()));
    await shop.query('DELETE FROM graphile_worker._private_jobs');
  });

  afterAll(() => shop.close());

  const add = (text: string, options = {}): Promise<void> =>
    shop.test.dataSource.transaction((tx) => shop.test.app.get(Jobs).add('test_note', { text }, options, tx));

  const waiting = (): Promise<JobRow[]> =>
    shop.query(
      `SELECT id, attempts, payload ->> 'text' AS text, last_error AS "lastError",
              extract(epoch FROM run_at - now())::float AS "waitsSeconds"
         FROM graphile_worker._private_jobs WHERE payload ->> 'text' IS NOT NULL ORDER BY id`,
    );

  /** An instance that works, with this handler. */
  async function startWorker(handler: (text: string, run: JobRun) => Promise<void> | void): Promise<TestApp> {
    const worker = await startTestApp({
      databaseUrl: shop.test.databaseUrl,
      settings: { JOBS: 'on' },
      prepare: (app) => app.get(Jobs).handle('test_note', async ({ text }, run) => handler(text, run)),
    });
    workers.push(worker);
    return worker;
  }

  it('are there when the transaction commits, and never were when it does not', async () => {
    const done: string[] = [];
    await startWorker((text) => void done.push(text));
    const { dataSource, app } = shop.test;
    await expect(
      dataSource.transaction(async (tx) => {
        await app.get(Jobs).add('test_note', { text: 'rolled back' }, {}, tx);
        throw new Error('No');
      }),
    ).rejects.toThrow('No');
    await add('committed');
    await eventually(() => done.length > 0);
    await eventually(async () => (await waiting()).length === 0);
    expect(done).toEqual(['committed']);
  });

  it('are done once each by two workers', async () => {
    const done: string[] = [];
    await startWorker((text) => void done.push(text));
    await startWorker((text) => void done.push(text));
    const texts = Array.from({ length: 50 }, (_, index) => `note ${index}`);
    const payloads = texts.map((text) => ({ text }));
    await shop.test.dataSource.transaction((tx) =>
      shop.test.app.get(Jobs).addMany('test_note', payloads, {}, tx),
    );
    await eventually(async () => (await waiting()).length === 0);
    expect(done.sort()).toEqual(texts.sort());
  });

  it('that fail are tried again later, under the same id, and given up at last', async () => {
    const runs: JobRun[] = [];
    const worker = await startWorker((_, run) => {
      runs.push(run);
      throw new Error('The other side is away');
    });
    await add('fails', { maxAttempts: 2 });
    await eventually(async () => (await waiting())[0]?.lastError !== null);
    const [job] = await waiting();
    expect(job).toMatchObject({ attempts: 1, lastError: expect.stringContaining('away') });
    expect(job?.waitsSeconds).toBeGreaterThan(0);
    await shop.query('UPDATE graphile_worker._private_jobs SET run_at = now()');
    await shop.query(`SELECT pg_notify('jobs:insert', '{"r":1,"count":1}')`);
    await eventually(() => worker.logs.some(({ event }) => event === 'job_given_up'));
    expect(runs.map(({ id, attempt, isLastAttempt }) => [id, attempt, isLastAttempt])).toEqual([
      [job?.id, 1, false],
      [job?.id, 2, true],
    ]);
    expect(worker.logs.filter(({ event }) => event === 'job_failed')).toHaveLength(1);
  });

  it('with one key wait once: the later one takes the place of the one before', async () => {
    await add('first', { key: 'one', runAt: new Date(Date.now() + 60_000) });
    await add('second', { key: 'one', runAt: new Date(Date.now() + 60_000) });
    expect((await waiting()).map(({ text }) => text)).toEqual(['second']);
  });

  it('go on after PostgreSQL has cut every connection of the worker', async () => {
    const done: string[] = [];
    const worker = await startWorker((text) => void done.push(text));
    await add('before');
    await eventually(() => done.includes('before'));
    await shop.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name LIKE 'cartwright jobs%'`,
    );
    await add('after');
    await eventually(() => done.includes('after'));
    expect((await worker.api.get('//health')).status).toBe(200);
  });

  it('of a worker that is gone are done by another', async () => {
    await add('abandoned');
    await shop.query(
      `UPDATE graphile_worker._private_jobs
          SET locked_by = 'a worker that was killed', locked_at = now() - interval '1 minute', attempts = 1`,
    );
    const done: JobRun[] = [];
    await startWorker((_, run) => void done.push(run));
    await eventually(() => done.length > 0);
    expect(done[0]?.attempt).toBe(2);
  });

  it('under way when the process stops are finished', async () => {
    const done: string[] = [];
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const worker = await startWorker(async (text) => {
      begin();
      await finished;
      done.push(text);
    });
    await add('slow');
    await begun;
    const closed = worker.close();
    workers = [];
    finish();
    await closed;
    expect(done).toEqual(['slow']);
    expect(await waiting()).toEqual([]);
  });

  it('have no two handlers', () => {
    const jobs = new Jobs();
    jobs.handle('test_note', async () => undefined);
    expect(() => jobs.handle('test_note', async () => undefined)).toThrow('test_note');
  });
});
