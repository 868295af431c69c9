import { once } from 'node:events';
import net from 'node:net';
import { createClient } from '@redis/client';
import { provideRedis, type TestRedis, TEST_REDIS_URL } from '../support/redis';
import { PASSWORD } from '../support/shop';
import { SlowProxy } from '../support/slow-proxy';
import type { BuiltServer } from './support/built-server';
import { isPromised, times } from './support/extent';
import { type FaultShop, openFaultShop, signUp } from './support/fault-shop';
import { report } from './support/report';
import { isFailure, percentile } from './support/shopper';
import { Shoppers } from './support/shoppers';
import { expectWhole, judge } from './support/verdict';

/** A state of Redis, and by how much longer a read may take in it, in milliseconds. */
type State = [name: string, begin: () => Promise<void>, addedMs: number];

const STATE_MS = times(2_000, 15_000);

// Where there is no redis-server on the PATH, the start of the run has said that these do not run.
if (TEST_REDIS_URL) {
  describe('a shop of two instances whose Redis', () => {
    let redis: TestRedis;
    let proxy: SlowProxy;
    let babbler: net.Server;
    let shop: FaultShop;
    let other: BuiltServer;
    let shoppers: Shoppers;

    beforeAll(async () => {
      redis = await freshRedis();
      proxy = await SlowProxy.before(redis.url);
      babbler = await startBabbler();
      const settings = { REDIS_URL: proxy.url, RATE_LIMIT_SIGN_IN_ACCOUNT: '5' };
      shop = await openFaultShop({ settings });
      other = await shop.server.another();
      await other.start();
      const [here, there] = [await Shoppers.gather(3, shop), await Shoppers.gather(3, shop, other.api)];
      shoppers = here.and(there);
    });

    afterEach(() => shoppers.rest());

    afterAll(async () => {
      await other.close();
      await shop.close();
      proxy.close();
      babbler.close();
      redis.stop();
    });

    const states: State[] = [
      ['is stopped', async () => redis.stop(), 50],
      ['is slow', async () => void (proxy.delayMs = 200), 120],
      ['is a black hole', async () => void (proxy.delayMs = Infinity), 50],
      ['is restarted empty', () => replaceRedis(), 50],
      ['is full of garbage', () => fillWithGarbage(redis.url), 50],
      ['speaks garbage', async () => proxy.leadTo(`redis://127.0.0.1:${portOf(babbler)}`), 50],
    ];

    it.each(states)('%s serves everybody all the same', async (name, begin, addedMs) => {
      await replaceRedis();
      proxy.delayMs = 0;
      const revoked = await signUp(shop.server.api);
      await revoked.api.post('/auth/logout');
      shoppers.start(async (shopper) => {
        await shopper.shop();
        for (const path of browsed(shop)) await shopper.look(path);
      });
      const usual = await shoppers.measure(STATE_MS);
      await begin();
      const during = shoppers.measure(STATE_MS);
      for (const server of [shop.server, other]) await expectSessionsToWork(server, [shop.server, other]);
      for (const server of [shop.server, other]) await expectRevoked(server, revoked);
      await expectLimit(shop.server);
      const looks = await during;
      await shoppers.rest();
      const verdict = await judge(shop, shoppers);
      const [p99, usualP99] = [percentile(99, looks), percentile(99, usual)];
      report({ fault: `Redis ${name}`, tries: 1, verdict, note: `p99 of reads ${usualP99} -> ${p99} ms` });
      expectWhole(verdict);
      expect(shoppers.attempts.filter(isFailure)).toEqual([]);
      if (isPromised) expect(p99 - usualP99).toBeLessThanOrEqual(addedMs);
    });

    /** A new one in the place of the old, which knows nothing. */
    async function replaceRedis(): Promise<void> {
      const old = redis;
      redis = await freshRedis();
      proxy.leadTo(redis.url);
      old.stop();
    }
  });
}

function browsed({ products }: FaultShop): string[] {
  return ['/products', '/products?limit=5&sort=price', `/products/${products[0]}`, '/categories/tree'];
}

/** One signs in, gets new tokens, and is signed out everywhere at once. */
async function expectSessionsToWork(server: BuiltServer, all: readonly BuiltServer[]): Promise<void> {
  const { email } = await signUp(server.api);
  const login = await server.api.post('/auth/login', { email, password: PASSWORD });
  const refreshed = await server.api.post('/auth/refresh', { refreshToken: login.body.refreshToken });
  expect([login.status, refreshed.status]).toEqual([200, 200]);
  const ann = { api: server.api.as(refreshed.body.accessToken) };
  expect((await ann.api.get('/auth/me')).status).toBe(200);
  expect((await ann.api.post('/auth/logout')).status).toBe(204);
  for (const each of all) await expectRevoked(each, ann);
}

/** What was revoked stays so, whichever instance is asked. */
async function expectRevoked(server: BuiltServer, { api }: { api: BuiltServer['api'] }): Promise<void> {
  const { status, body } = await api.at(server.api.origin).get('/auth/me');
  expect([status, body.code]).toEqual([401, 'token_revoked']);
}

/**
 * Guessing a password is stopped after five tries; after at most ten where Redis comes and goes, so that some are counted
 * there and some in the process.
 */
async function expectLimit({ api }: BuiltServer): Promise<void> {
  const { email } = await signUp(api);
  const guess = () => api.post('/auth/login', { email, password: 'another guess 42' });
  const statuses: number[] = [];
  for (let i = 0; i < 20; i++) statuses.push((await guess()).status);
  const tried = statuses.filter((status) => status === 401).length;
  expect(tried).toBeGreaterThanOrEqual(5);
  expect(tried).toBeLessThanOrEqual(isPromised ? 5 : 10);
  expect(statuses.filter((status) => status === 429)).toHaveLength(20 - tried);
}

async function freshRedis(): Promise<TestRedis> {
  const redis = await provideRedis();
  if (!redis) throw new Error('There is no redis-server on the PATH');
  return redis;
}

/** Puts something senseless under every key: bytes, or a list. */
async function fillWithGarbage(url: string): Promise<void> {
  const client = createClient({ url });
  await client.connect();
  for (const [index, key] of (await client.keys('*')).entries()) {
    await client.del(key);
    if (index % 2 === 0) await client.set(key, '\u0000{"garbage"');
    else await client.rPush(key, 'garbage');
  }
  await client.disconnect();
}

/** A server that answers whatever it is told with what is no answer. */
async function startBabbler(): Promise<net.Server> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined).on('data', () => void socket.write('?garbage\r\n$-7\r\n*x\r\n'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: net.Server): number {
  return (server.address() as net.AddressInfo).port;
}
