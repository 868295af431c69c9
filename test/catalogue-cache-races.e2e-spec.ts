import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { atOnce } from './support/answers';
import { type ApiClient, type Json } from './support/api-client';
import { eventually, startTestApp, type TestApp } from './support/app';
import { gate } from './support/gate';
import { TEST_REDIS_URL } from './support/redis';
import { Shop } from './support/shop';

const JWT_SECRET = 'two-instances-sign-with-one-secret-0123456789';

const SETTINGS: [string, Record<string, string>][] = [
  ['in process', { JWT_SECRET }],
  ...(TEST_REDIS_URL
    ? [['in Redis', { JWT_SECRET, REDIS_URL: TEST_REDIS_URL }] as [string, Record<string, string>]]
    : []),
];

describe.each(SETTINGS)('while an answer is made, cached %s', (_, settings) => {
  let shop: Shop;
  let other: TestApp;

  beforeAll(async () => {
    shop = await Shop.open({ settings });
    other = await startTestApp({ settings, databaseUrl: shop.test.databaseUrl });
  });

  afterAll(async () => {
    await other.close();
    await shop.close();
  });

  afterEach(() => jest.restoreAllMocks());

  /** Does this instead of the next read of a product from the catalogue. */
  function meddle(
    { dataSource }: TestApp,
    meddling: (read: () => Promise<unknown>) => Promise<unknown>,
  ): void {
    const query = dataSource.query.bind(dataSource) as (...args: unknown[]) => Promise<unknown>;
    let isDone = false;
    jest.spyOn(dataSource, 'query').mockImplementation(((...args: unknown[]) => {
      const isRead = String(args[0]).includes('FROM products p') && !String(args[0]).includes('FOR NO KEY');
      if (isDone || !isRead) return query(...args);
      isDone = true;
      return meddling(() => query(...args));
    }) as DataSource['query']);
  }

  const priceAt = async (api: ApiClient, id: string): Promise<number> =>
    (await api.get(`/products/${id}`)).body.price;

  it.each([
    ['before the write', true],
    ['after the write', false],
  ])('a slow reader that reads %s and is done after it leaves nothing behind', async (__, readsFirst) => {
    const { id } = await shop.product({ price: 1 });
    const [isReading, maySend] = [gate(), gate()];
    meddle(shop.test, async (read) => {
      const rows = readsFirst ? await read() : undefined;
      isReading.open();
      await maySend.isOpen;
      return rows ?? read();
    });
    const slow = priceAt(shop.api, id);
    await isReading.isOpen;
    const staff = other.api.as(shop.editor.accessToken);
    expect((await staff.patch(`/products/${id}`, { price: 2 })).status).toBe(200);
    const meanwhile = [await priceAt(other.api, id), await priceAt(shop.api, id)];
    maySend.open();
    expect([meanwhile, await slow]).toEqual([[2, 2], readsFirst ? 1 : 2]);
    for (const api of [shop.api, other.api]) expect(await priceAt(api, id)).toBe(2);
  });

  it('a client that hangs up spoils nothing for the others that wait', async () => {
    const { id } = await shop.product({ price: 3 });
    const [isReading, maySend] = [gate(), gate()];
    meddle(shop.test, async (read) => {
      isReading.open();
      await maySend.isOpen;
      return read();
    });
    const hangUp = new AbortController();
    const gone = fetch(`${shop.api.origin}/api/products/${id}`, { signal: hangUp.signal }).catch(
      () => 'gone',
    );
    await isReading.isOpen;
    const waiting = atOnce(5, () => shop.api.get(`/products/${id}`));
    await sleep(50);
    hangUp.abort();
    expect(await gone).toBe('gone');
    maySend.open();
    expect((await waiting).map(({ status, body }) => [status, body.price])).toEqual(
      Array.from({ length: 5 }, () => [200, 3]),
    );
    expect((await shop.api.get(`/products/${id}`)).headers.get('x-cache')).toBe('HIT');
  });

  it('an error reaches all that wait, and is not kept', async () => {
    const { id } = await shop.product({ price: 4 });
    let arrived = 0;
    shop.test.app.getHttpServer().on('request', () => (arrived += 1));
    meddle(shop.test, async () => {
      await eventually(() => arrived === 8);
      await sleep(200);
      throw Object.assign(new Error('too many connections'), { code: '53300' });
    });
    const answers = await atOnce(8, () => shop.api.get(`/products/${id}`));
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      Array.from({ length: 8 }, () => [503, 'service_unavailable']),
    );
    expect(new Set(answers.map(({ body }) => body.requestId)).size).toBe(8);
    for (const { headers } of answers) expect(headers.get('cache-control')).toBe('private, no-store');
    expect(await priceAt(shop.api, id)).toBe(4);
  });

  it('a product that is not there yet is found once it is', async () => {
    const slug = `late-${settings.REDIS_URL ? 'far' : 'near'}`;
    const [isReading, maySend] = [gate(), gate()];
    meddle(shop.test, async (read) => {
      const rows = await read();
      isReading.open();
      await maySend.isOpen;
      return rows;
    });
    const early = shop.api.get<Json>(`/products/${slug}`);
    await isReading.isOpen;
    await shop.product({ slug, name: 'Late lamp' });
    expect((await shop.api.get(`/products/${slug}`)).body.name).toBe('Late lamp');
    maySend.open();
    expect((await early).status).toBe(404);
    expect((await shop.api.get(`/products/${slug}`)).status).toBe(200);
  });

  it('the database may hang when it is asked for the generation, and others are answered', async () => {
    await shop.api.get('/categories');
    const { dataSource } = shop.test;
    const query = dataSource.query.bind(dataSource) as (...args: unknown[]) => Promise<unknown>;
    const [isAsked, mayAnswer] = [gate(), gate()];
    let hangs = true;
    jest.spyOn(dataSource, 'query').mockImplementation((async (...args: unknown[]) => {
      if (hangs && String(args[0]).includes('cache_generations')) {
        hangs = false;
        isAsked.open();
        await mayAnswer.isOpen;
      }
      return query(...args);
    }) as DataSource['query']);
    const stuck = shop.api.get('/categories');
    await isAsked.isOpen;
    expect((await shop.api.get('/categories')).status).toBe(200);
    mayAnswer.open();
    expect((await stuck).status).toBe(200);
  });
});
