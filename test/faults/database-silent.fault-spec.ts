import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source-options';
import type { Answer, Json } from '../support/api-client';
import { PASSWORD, unique } from '../support/shop';
import { SlowProxy } from '../support/slow-proxy';
import { createFaultDatabase, type FaultDatabase } from './support/database';
import { isPromised, times, within } from './support/extent';
import { type FaultShop, openFaultShop } from './support/fault-shop';
import { report } from './support/report';
import { type Attempt, slowestOf } from './support/shopper';
import { Shoppers } from './support/shoppers';
import { expectWhole, expectWholePool, judge } from './support/verdict';

const SILENCES = times(1, 10);
/** Three seconds are promised, of a machine that does nothing else. */
const LONGEST_MS = isPromised ? 3_000 : 5_000;

describe('a shop whose PostgreSQL falls silent under load, as a machine does that loses its network', () => {
  let proxy: SlowProxy;
  let shop: FaultShop;

  beforeAll(async () => {
    const through = async (url: string): Promise<string> => {
      proxy = await SlowProxy.before(url);
      return proxy.url;
    };
    shop = await openFaultShop({ through });
  });

  afterAll(async () => {
    await shop.close();
    proxy.close();
  });

  it('answers 503, and serves again within five seconds when it is back, although no connection was closed', async () => {
    const shoppers = await Shoppers.gather(10, shop);
    const firstSuccesses: number[] = [];
    const silences: number[] = [];
    shoppers.start();
    for (let silence = 0; silence < SILENCES; silence++) {
      await shoppers.buy(50);
      proxy.delayMs = Infinity;
      silences.push(performance.now());
      await sleep(8_000);
      expect((await shop.server.api.get('//health')).status).toBe(200);
      proxy.delayMs = 0;
      firstSuccesses.push(await shoppers.firstSuccessAfter(performance.now()));
    }
    await shoppers.rest();
    const verdict = await judge(shop, shoppers);
    // Who waited for a row before has waited for PostgreSQL only since then.
    const since = ({ sentAt, endedAt }: Attempt): number =>
      Math.max(sentAt, silences.findLast((silence) => silence < endedAt) ?? 0);
    const refused = shoppers.attempts
      .filter(({ status }) => status === 503)
      .map((attempt) => ({ ...attempt, sentAt: since(attempt) }));
    const note = `${refused.length} times 503, after at most ${slowestOf(refused)} ms`;
    report({ fault: 'PostgreSQL silent', tries: SILENCES, verdict, firstSuccesses, note });
    expectWhole(verdict);
    expect(shoppers.attempts.filter(({ status }) => status === 0)).toEqual([]);
    expect(slowestOf(refused)).toBeLessThan(LONGEST_MS);
    expect(Math.max(...firstSuccesses)).toBeLessThan(within(5_000));
    await expectWholePool(shop, shoppers);
  });

  it('answers 503 in time whatever is asked for', async () => {
    const [product] = shop.products;
    const { api } = shop.server;
    const credentials = { email: `person-${unique()}@example.com`, password: PASSWORD };
    const signUpAnswer = await api.post('/auth/register', credentials);
    proxy.delayMs = Infinity;
    const requests: (() => Promise<Answer<Json>>)[] = [
      () => api.get('/products?q=product'),
      () => api.get('/products?minPrice=3'),
      () => api.get('/products/facets?minPrice=3'),
      () => api.get('/products/suggest?q=pro'),
      () => api.post('/auth/login', credentials),
      () => api.post('/auth/register', { ...credentials, email: `person-${unique()}@example.com` }),
      () => api.post('/auth/refresh', { refreshToken: signUpAnswer.body.refreshToken }),
      () => api.post('/carts', {}),
      () => shop.admin.get('/users/me'),
      () => shop.admin.get('/users?page=2'),
      () => shop.admin.get('/orders'),
      () => shop.admin.get('/users/me/export'),
      () => shop.admin.patch(`/products/${product}`, { price: 12 }),
      () => shop.admin.post('/categories', { name: unique() }),
      () => api.get('//health/ready'),
    ];
    const took = await Promise.all(
      requests.map(async (request) => {
        const from = performance.now();
        const { status } = await request();
        return { request: String(request), status, ms: Math.round(performance.now() - from) };
      }),
    );
    proxy.delayMs = 0;
    expect(took.filter(({ status, ms }) => status !== 503 || ms >= LONGEST_MS)).toEqual([]);
  });
});

describe('a statement', () => {
  let database: FaultDatabase;
  let proxy: SlowProxy;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createFaultDatabase();
    proxy = await SlowProxy.before(database.url);
    dataSource = await new DataSource(
      dataSourceOptions({ url: proxy.url, poolSize: 1, use: 'api' }),
    ).initialize();
  });

  afterAll(async () => {
    await dataSource.destroy();
    proxy.close();
    await database.drop();
  });

  it('may take its time while PostgreSQL answers others', async () => {
    expect(await dataSource.query('SELECT pg_sleep(4), 1 AS one')).toMatchObject([{ one: 1 }]);
    await expect(dataSource.query('SELECT pg_sleep(6)')).rejects.toThrow('statement timeout');
  });

  it('is given up when PostgreSQL falls silent in the middle of it, and the next has a new connection', async () => {
    // A connection that was quiet before is watched as well.
    await dataSource.query('SELECT pg_sleep(1.5)');
    const askedAt = performance.now();
    const slow = dataSource.query('SELECT pg_sleep(4)');
    await sleep(1_500);
    proxy.delayMs = Infinity;
    await expect(slow).rejects.toThrow('PostgreSQL does not answer');
    expect(performance.now() - askedAt).toBeLessThan(5_000);
    proxy.delayMs = 0;
    expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
