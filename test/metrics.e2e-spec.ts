import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startTestApp } from './support/app';
import { orderOf, type Person, Shop, unique } from './support/shop';

/** The samples of a scrape by `name{label="value",…}`, the labels in the order of their names. */
type Samples = ReadonlyMap<string, number>;

function parse(text: string): Samples {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [, name = '', labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      const sorted = labels.match(/\w+="[^"]*"/g)?.toSorted() ?? [];
      return [sorted.length > 0 ? `${name}{${sorted.join()}}` : name, Number(value)];
    }),
  );
}

describe('metrics', () => {
  let shop: Shop;
  let ann: Person;

  beforeAll(async () => {
    shop = await Shop.open({ hasLooseRows: true });
    ann = await shop.customer();
  });

  afterAll(() => shop.close());

  /** `//` leads beside `/api`. */
  const scrape = async (api = shop.api): Promise<Samples> => parse((await api.get<string>('//metrics')).body);

  /** How much each of these samples grows while the work is done. */
  async function growth(names: readonly string[], work: () => Promise<unknown>): Promise<number[]> {
    const before = await scrape();
    await work();
    const after = await scrape();
    return names.map((name) => (after.get(name) ?? 0) - (before.get(name) ?? 0));
  }

  const requests = (method: string, route: string, status: number): string =>
    `http_request_duration_seconds_count{method="${method}",route="${route}",status="${status}"}`;

  it('are read by anyone who reaches them, in the format of Prometheus, and kept by nobody', async () => {
    const answer = await shop.api.get('//metrics');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    expect(answer.headers.get('ratelimit-limit')).toBeNull();
    expect((await shop.api.get('/metrics')).status).toBe(404);
  });

  it('count requests by the template of their route', async () => {
    const product = await shop.product();
    const known = requests('GET', '/api/products/:id', 200);
    expect(await growth([known], () => shop.api.get(`/products/${product.id}`))).toEqual([1]);
    const { body: text } = await shop.api.get<string>('//metrics');
    expect(text).not.toContain(product.id);
  });

  it('count all requests for what is not there as one route', async () => {
    const unknown = requests('GET', 'unknown', 404);
    const ask = () =>
      Promise.all(['/nothing', `/${unique()}/a`, '//b', '//'].map((url) => shop.api.get(url)));
    expect(await growth([unknown], ask)).toEqual([4]);
  });

  it('count what the cache answers', async () => {
    const results = ['hit', 'miss'].map((result) => `cache_requests_total{result="${result}"}`);
    const slug = (await shop.category()).slug;
    const read = () => shop.api.get(`/products?category=${slug}`);
    expect(await growth(results, () => read().then(read).then(read))).toEqual([2, 1]);
  });

  it('count orders once they are placed, and neither retries nor refusals', async () => {
    const product = await shop.product({ stock: 1 });
    const order = orderOf({ items: [{ productId: product.id, quantity: 1 }] });
    const key = unique();
    const statuses: number[] = [];
    const place = async (headers = {}) =>
      void statuses.push((await ann.api.post('/orders', order, headers)).status);
    const grown = await growth(['orders_placed_total'], async () => {
      await place({ 'Idempotency-Key': key });
      await place({ 'Idempotency-Key': key });
      await place();
    });
    expect(statuses).toEqual([201, 201, 409]);
    expect(grown).toEqual([1]);
  });

  it('show the connections to the database', async () => {
    const connection = shop.test.dataSource.createQueryRunner();
    await connection.connect();
    const samples = await scrape();
    await connection.release();
    expect(samples.get('db_pool_connections{state="active"}')).toBeGreaterThanOrEqual(1);
    expect(samples.get('db_pool_connections{state="waiting"}')).toBe(0);
    expect(samples.has('db_pool_connections{state="idle"}')).toBe(true);
  });

  describe('of queued work', () => {
    const names = [
      'jobs_pending',
      'jobs_failed',
      'jobs_oldest_age_seconds',
      'events_pending',
      'events_failed',
    ];

    /** Scraped by an instance of its own: one process asks the database once a second. */
    async function figures(): Promise<(number | undefined)[]> {
      const other = await startTestApp({ databaseUrl: shop.test.databaseUrl });
      try {
        const samples = await scrape(other.api);
        expect(samples.get('orders_placed_total')).toBe(0);
        return names.map((name) => samples.get(name));
      } finally {
        await other.close();
      }
    }

    it('tell how much waits, for how long, and what was given up', async () => {
      await shop.query('UPDATE events SET dispatched_at = now()');
      await shop.query(
        `UPDATE events SET dispatched_at = NULL, parked_at = CASE WHEN number > 2 THEN now() END
           FROM (SELECT id, row_number() OVER () AS number FROM events LIMIT 3) numbered WHERE events.id = numbered.id`,
      );
      await shop.query('DELETE FROM graphile_worker._private_jobs');
      await shop.query(
        `SELECT graphile_worker.add_job('test', run_at => now() + due) FROM unnest('{-90 s,1 h,-2 h}'::interval[]) due`,
      );
      await shop.query(
        `UPDATE graphile_worker._private_jobs SET attempts = max_attempts WHERE run_at < now() - interval '1 h'`,
      );
      const [pending, failed, age, ...events] = await figures();
      expect([pending, failed, ...events]).toEqual([2, 1, 2, 1]);
      expect(age).toBeGreaterThanOrEqual(90);
      expect(age).toBeLessThan(1_800);
    });

    it('are left out while the database does not tell, and the others are there', async () => {
      await shop.query('ALTER TABLE events RENAME TO events_away');
      expect(await figures()).toEqual(names.map(() => undefined));
      await shop.query('ALTER TABLE events_away RENAME TO events');
    });
  });

  it('have all the names that alerts and dashboard speak of', async () => {
    const deploy = path.resolve(__dirname, '..', 'deploy', 'monitoring');
    const asked = ['alerts.yml', 'dashboard.json'].map((file) =>
      readFileSync(path.join(deploy, file), 'utf8'),
    );
    const spoken = asked.flatMap((text) => [...text.matchAll(/\b(\w+)\{job=/g)].map(([, name]) => name));
    const measured = new Set([...(await scrape()).keys()].map((name) => name.replace(/\{.*/, '')));
    const missing = [...new Set(spoken)].filter((name) => name !== 'up' && !measured.has(name ?? ''));
    expect(spoken.length).toBeGreaterThan(20);
    expect(missing).toEqual([]);
  });
});
