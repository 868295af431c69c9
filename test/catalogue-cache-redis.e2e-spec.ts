import { createClient } from '@redis/client';
import { type Answer, ApiClient, type Json } from './support/api-client';
import { eventually, startTestApp, type TestApp } from './support/app';
import { provideRedis, TEST_REDIS_URL, type TestRedis } from './support/redis';
import { Shop } from './support/shop';
import { SlowProxy } from './support/slow-proxy';

const JWT_SECRET = 'two-instances-sign-with-one-secret-0123456789';

/** Far more than any answer may take, and far less than a client would wait. */
const PATIENCE_MS = 3_000;

/** What may stand where a kept answer is expected. */
const GARBAGE = [
  '',
  'no JSON',
  '"text"',
  'null',
  '42',
  '[]',
  '{}',
  '{"value":null}',
  '{"value":"text"}',
  '{"value":{"body":1,"etag":"\\"1\\"","link":null}}',
  '{"value":{"body":"{}","link":null}}',
  '{"value":{"body":"{}","etag":"\\"1\\"","link":7}}',
  '{"value":{"body":"{}","etag":"\\"1\\"\\r\\nSet-Cookie: a=b","link":null}}',
  '{"value":{"body":"{}","etag":"\\"1\\"","link":"</\u{1F600}>"}}',
  '{"value":{"body":"{}","etag":"\\"1\\"","link":null},"expires":1}',
];

// Where there is no redis-server on the PATH, the start of the run has said that these do not run.
if (TEST_REDIS_URL) {
  describe('the catalogue, cached in a Redis that has trouble', () => {
    let redis: TestRedis | null;
    let proxy: SlowProxy;
    let shop: Shop;
    let other: TestApp;

    beforeAll(async () => {
      redis = await provideRedis();
      proxy = await SlowProxy.before(redis?.url ?? TEST_REDIS_URL ?? '');
      const settings = { JWT_SECRET, REDIS_URL: proxy.url };
      shop = await Shop.open({ settings });
      other = await startTestApp({ settings, databaseUrl: shop.test.databaseUrl });
    });

    afterAll(async () => {
      await other.close();
      await shop.close();
      proxy.close();
      redis?.stop();
    });

    /** An answer that came in time, and well. */
    async function read(api: ApiClient, path: string): Promise<Answer<Json>> {
      const startedAt = performance.now();
      const answer = await api.get(path);
      expect(answer.status).toBe(200);
      expect(performance.now() - startedAt).toBeLessThan(PATIENCE_MS);
      return answer;
    }

    /** Edits on either instance are in the next read of both, one by one and in lists, whatever was read meanwhile. */
    async function expectTruth(): Promise<void> {
      const { id } = await shop.product({ price: 1 });
      const instances = [shop.api, other.api];
      for (let price = 2; price <= 9; price++) {
        const [writer = shop.api] = price % 2 ? instances : [...instances].reverse();
        const staff = writer.as(shop.editor.accessToken);
        expect((await staff.patch(`/products/${id}`, { price })).status).toBe(200);
        for (const api of instances) {
          const answers = await Promise.all([
            read(api, `/products/${id}`),
            read(api, `/products/${id}`),
            read(api, '/products?limit=3'),
          ]);
          expect(answers.map(({ body }) => body.price ?? body.data[0].price)).toEqual([price, price, price]);
        }
      }
    }

    async function onRedis<T>(work: (client: ReturnType<typeof createClient>) => Promise<T>): Promise<T> {
      const client = createClient({ url: redis?.url ?? '' });
      await client.connect();
      try {
        return await work(client);
      } finally {
        await client.disconnect();
      }
    }

    /** The keys of the kept answers, once there are any. */
    async function keptKeys(): Promise<string[]> {
      let keys: string[] = [];
      await eventually(async () => {
        keys = await onRedis((client) => client.keys('cw1:answers*'));
        return keys.length > 0;
      });
      return keys;
    }

    it('tells the truth while Redis is well, and one instance has what the other kept', async () => {
      await expectTruth();
      await onRedis((client) => client.flushAll());
      const { body } = await shop.api.get('/products?limit=7');
      await keptKeys();
      const there = await other.api.get('/products?limit=7');
      expect([there.headers.get('x-cache'), there.body]).toEqual(['HIT', body]);
    });

    it.each(GARBAGE.map((text) => [JSON.stringify(text), text] as const))(
      'makes an answer anew where %s is kept',
      async (_, garbage) => {
        const { id } = await shop.product();
        await onRedis((client) => client.flushAll());
        const { body } = await read(shop.api, `/products/${id}`);
        const keys = await keptKeys();
        await onRedis((client) => Promise.all(keys.map((key) => client.set(key, garbage))));
        const there = await read(other.api, `/products/${id}`);
        expect([there.headers.get('x-cache'), there.body]).toEqual(['MISS', body]);
      },
    );

    it('makes an answer anew where something else than a text is kept', async () => {
      const { id } = await shop.product();
      await onRedis((client) => client.flushAll());
      const { body } = await read(shop.api, `/products/${id}`);
      const keys = await keptKeys();
      await onRedis(async (client) => {
        for (const key of keys) await client.del(key).then(() => client.lPush(key, 'a list'));
      });
      expect((await read(other.api, `/products/${id}`)).body).toEqual(body);
    });

    it('tells the truth while Redis is slow', async () => {
      proxy.delayMs = 200;
      await expectTruth();
      proxy.delayMs = 0;
    });

    it('waits for a silent Redis no more than now and then', async () => {
      proxy.delayMs = Infinity;
      const { id } = await shop.product();
      for (let n = 0; n < 10; n++) await read(shop.api, `/products?minPrice=${n}`);
      const asked = proxy.asked;
      for (let n = 0; n < 20; n++) await read(shop.api, `/products/${id}?`.replace(/\?$/, n % 2 ? '' : '/'));
      for (let n = 100; n < 150; n++) await read(shop.api, `/products?minPrice=${n}`);
      expect(proxy.asked - asked).toBeLessThan(35);
    });

    it('tells the truth while Redis is silent', async () => {
      proxy.delayMs = Infinity;
      await expectTruth();
    });

    it('tells the truth while Redis is away, and after it has come back empty', async () => {
      redis?.stop();
      proxy.delayMs = 0;
      proxy.leadTo('redis://127.0.0.1:1');
      await expectTruth();
      redis = await provideRedis();
      proxy.leadTo(redis?.url ?? '');
      await expectTruth();
      await eventually(async () => {
        await shop.api.get(`/products?minPrice=${Math.floor(Math.random() * 1_000_000)}`);
        return (await onRedis((client) => client.keys('cw1:answers*'))).length > 0;
      });
      await expectTruth();
    });
  });

  describe('two shops with one Redis', () => {
    let shops: Shop[];

    beforeAll(async () => {
      const settings = { REDIS_URL: TEST_REDIS_URL ?? '' };
      shops = [await Shop.open({ settings }), await Shop.open({ settings })];
    });

    afterAll(async () => {
      for (const shop of shops) await shop.close();
    });

    it('never show what the other one sells', async () => {
      for (const shop of shops) {
        const { id } = await shop.category();
        const { data } = (await shop.api.get('/categories')).body;
        expect(data.map((category: Json) => category.id)).toEqual([id]);
      }
    });
  });
}
