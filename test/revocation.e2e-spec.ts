import { startTestApp, type TestApp } from './support/app';
import { provideRedis, TEST_REDIS_URL } from './support/redis';
import { PASSWORD, type Person, Shop } from './support/shop';

/** Redis as the two instances find it. Whoever is asked about tokens, it is the database. */
const REDIS: [string, () => Promise<string | undefined>][] = [
  ['without Redis', async () => undefined],
  ...(TEST_REDIS_URL ? [['with Redis', async () => TEST_REDIS_URL] satisfies (typeof REDIS)[number]] : []),
  ['with Redis stopped', stoppedRedis],
];

/** A Redis that was there when the instances started and is gone; where there is no redis-server, one that never was. */
let stopRedis: (() => void) | undefined;

async function stoppedRedis(): Promise<string> {
  const redis = await provideRedis();
  stopRedis = () => redis?.stop();
  return redis?.url ?? 'redis://127.0.0.1:1';
}

describe.each(REDIS)('an access token, over two instances %s', (_, provide) => {
  let shop: Shop;
  let other: TestApp;

  beforeAll(async () => {
    const url = await provide();
    const settings: Record<string, string> = url ? { REDIS_URL: url } : {};
    shop = await Shop.open({ settings });
    const { databaseUrl, jwtSecret } = shop.test;
    other = await startTestApp({ databaseUrl, settings: { ...settings, JWT_SECRET: jwtSecret } });
    stopRedis?.();
    stopRedis = undefined;
  });

  afterAll(async () => {
    await other.close();
    await shop.close();
  });

  it.each<[string, (ann: Person) => Promise<{ status: number }>]>([
    ['logout', (ann) => ann.api.post('/auth/logout')],
    ['logout of all devices', (ann) => ann.api.post('/auth/logout-all')],
    ['disabling', (ann) => shop.admin.api.patch(`/users/${ann.id}`, { isActive: false })],
    ['deletion', (ann) => shop.admin.api.delete(`/users/${ann.id}`)],
    ['closing the account', (ann) => ann.api.delete('/users/me', {}, { password: PASSWORD })],
  ])('dies at the next request after %s', async (_name, end) => {
    const ann = await shop.customer();
    const elsewhere = other.api.as(ann.accessToken);
    expect((await elsewhere.get('/auth/me')).status).toBe(200);
    expect((await end(ann)).status).toBeLessThan(300);
    const { status, body } = await elsewhere.get('/auth/me');
    expect([status, body.code]).toEqual([401, 'token_revoked']);
    expect((await other.api.post('/auth/refresh', { refreshToken: ann.refreshToken })).status).toBe(401);
  });

  it('of another device dies at the next request after a change of the password', async () => {
    const ann = await shop.customer();
    const { body: phone } = await other.api.post('/auth/login', { email: ann.email, password: PASSWORD });
    await ann.api.post('/auth/change-password', {
      currentPassword: PASSWORD,
      newPassword: 'another horse 43',
    });
    expect((await other.api.as(phone.accessToken).get('/auth/me')).body.code).toBe('token_revoked');
  });

  it('loses a role at the next request after the demotion', async () => {
    const ann = await shop.customer();
    await shop.admin.api.patch(`/users/${ann.id}`, { roles: ['EDITOR'] });
    const elsewhere = other.api.as(ann.accessToken);
    expect((await elsewhere.post('/categories', {})).status).toBe(422);
    await shop.admin.api.patch(`/users/${ann.id}`, { roles: ['CUSTOMER'] });
    expect((await elsewhere.post('/categories', {})).status).toBe(403);
  });
});
