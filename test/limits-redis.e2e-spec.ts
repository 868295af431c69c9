import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { LimitCounter } from '../src/common/limits/limit-counter';
import type { ApiClient } from './support/api-client';
import { startTestApp, type TestApp } from './support/app';
import { TEST_REDIS_URL } from './support/redis';

const LIMITS = {
  RATE_LIMIT: 'on',
  RATE_LIMIT_CATALOGUE: '4',
  RATE_LIMIT_SIGN_IN_ACCOUNT: '3',
  TRUST_PROXY: '1',
};

/** The client's API from an address that no other run has used: Redis may outlive this one. */
function fromOneAddress(...apps: TestApp[]): ApiClient[] {
  const network = randomUUID().slice(0, 18).replaceAll('-', '').match(/.{4}/g)?.join(':') ?? '';
  return apps.map(({ api }) => api.with({ 'X-Forwarded-For': `${network}::1` }));
}

/** The statuses of so many reads, in turn from each of the instances. */
async function read(count: number, ...apis: (ApiClient | undefined)[]): Promise<number[]> {
  const found: number[] = [];
  for (let index = 0; index < count; index++) {
    const api = apis[index % apis.length];
    if (api) found.push((await api.get('/products')).status);
  }
  return found;
}

if (TEST_REDIS_URL) {
  describe('two instances with one Redis', () => {
    let one: TestApp;
    let other: TestApp;

    beforeAll(async () => {
      const settings = { ...LIMITS, REDIS_URL: TEST_REDIS_URL ?? '' };
      one = await startTestApp({ settings });
      other = await startTestApp({ settings, databaseUrl: one.databaseUrl });
    });

    afterAll(async () => {
      await other.close();
      await one.close();
    });

    it('count the requests of a client together', async () => {
      expect(await read(6, ...fromOneAddress(one, other))).toEqual([200, 200, 200, 200, 429, 429]);
    });

    it('count the guesses at a password together', async () => {
      const guess = { email: `${randomUUID()}@example.com`, password: 'wrong password' };
      const [first, second] = fromOneAddress(one, other);
      const statuses = [first, second, first, second].map((api) => () => api?.post('/auth/login', guess));
      const found: (number | undefined)[] = [];
      for (const ask of statuses) found.push((await ask())?.status);
      expect(found).toEqual([401, 401, 401, 429]);
    });

    it('keep out together whom one of them blocks for longer than a window', async () => {
      const key = randomUUID();
      const [counter, otherCounter] = [one.app.get(LimitCounter), other.app.get(LimitCounter)];
      await counter.block(key, 5, 60_000, 240);
      const { isOver, resetSeconds } = await otherCounter.hit(key, 5, 60_000);
      expect(isOver).toBe(true);
      expect(resetSeconds).toBeGreaterThan(200);
    });

    it('say that Redis is up', async () => {
      expect((await one.api.get('//health/ready')).body.redis).toEqual({
        status: 'up',
        ms: expect.any(Number),
      });
    });
  });
}

describe.each(['is not there', 'accepts connections but never answers'])('while Redis %s', (state) => {
  let silent: net.Server;
  let app: TestApp;

  beforeAll(async () => {
    silent = net.createServer((socket) => socket.unref().on('error', () => socket.destroy()));
    const port = await new Promise<number>((resolve) => {
      silent.listen(0, '127.0.0.1', () => {
        const address = silent.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    if (state === 'is not there') silent.close();
    app = await startTestApp({ settings: { ...LIMITS, REDIS_URL: `redis://127.0.0.1:${port}` } });
  });

  afterAll(async () => {
    await app.close();
    silent.close();
  });

  it('limits hold', async () => {
    expect(await read(6, ...fromOneAddress(app))).toEqual([200, 200, 200, 200, 429, 429]);
  });

  it('an instance is ready and people sign up, in and out', async () => {
    const { status, body } = await app.api.get('//health/ready');
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'ready', redis: { status: 'down' } });
    const [api] = fromOneAddress(app);
    const account = { email: `${randomUUID()}@example.com`, password: 'correct horse 42' };
    expect((await api?.post('/auth/register', account))?.status).toBe(201);
    const session = await api?.post('/auth/login', account);
    expect(session?.status).toBe(200);
    expect((await app.api.as(session?.body.accessToken).post('/auth/logout')).status).toBe(204);
  });

  it('no request waits for it', async () => {
    const startedAt = performance.now();
    const apis = Array.from({ length: 20 }, () => fromOneAddress(app)).flat();
    await Promise.all(apis.map((api) => api.get('/categories')));
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });
});
