import { startTestApp, type TestApp } from './support/app';
import { PASSWORD, type Person, Shop } from './support/shop';

describe('sessions', () => {
  let shop: Shop;
  let second: TestApp;

  beforeAll(async () => {
    shop = await Shop.open();
    second = await startTestApp({
      databaseUrl: shop.test.databaseUrl,
      settings: { JWT_SECRET: shop.test.jwtSecret },
    });
  });

  afterAll(async () => {
    await second.close();
    await shop.close();
  });

  async function signIn(
    person: Person,
    userAgent = 'test',
  ): Promise<{ accessToken: string; refreshToken: string }> {
    const headers = { 'User-Agent': userAgent };
    return (await shop.api.post('/auth/login', { email: person.email, password: PASSWORD }, headers)).body;
  }

  it('lists the devices of the user alone, and tells which is this one', async () => {
    const ann = await shop.customer();
    await shop.customer();
    await signIn(ann, 'Phone/1.0');
    const { status, body } = await ann.api.get('/auth/sessions');
    expect(status).toBe(200);
    expect(body.data).toHaveLength(2);
    expect(body.data[0]).toEqual({
      id: expect.any(String),
      userAgent: 'Phone/1.0',
      ip: expect.stringMatching(/127\.0\.0\.1$/),
      createdAt: expect.stringMatching(/Z$/),
      lastUsedAt: expect.stringMatching(/Z$/),
      current: false,
    });
    expect(body.data.map((device: { current: boolean }) => device.current)).toEqual([false, true]);
  });

  it('signs one device out at once, on every instance, and leaves the others', async () => {
    const ann = await shop.customer();
    const phone = await signIn(ann, 'Phone/1.0');
    const { body } = await ann.api.get('/auth/sessions');
    expect((await ann.api.delete(`/auth/sessions/${body.data[0].id}`)).status).toBe(204);
    for (const { api } of [shop.test, second]) {
      const { status, body: problem } = await api.as(phone.accessToken).get('/auth/me');
      expect([status, problem.code]).toEqual([401, 'token_revoked']);
      expect((await api.as(ann.accessToken).get('/auth/me')).status).toBe(200);
    }
    expect((await shop.api.post('/auth/refresh', { refreshToken: phone.refreshToken })).status).toBe(401);
  });

  it('hides the devices of others', async () => {
    const [ann, bob] = [await shop.customer(), await shop.customer()];
    const { body } = await ann.api.get('/auth/sessions');
    expect((await bob.api.delete(`/auth/sessions/${body.data[0].id}`)).status).toBe(404);
    expect((await ann.api.get('/auth/me')).status).toBe(200);
  });

  it('ends all sessions with one call', async () => {
    const ann = await shop.customer();
    const phone = await signIn(ann);
    expect((await ann.api.post('/auth/logout-all')).status).toBe(204);
    for (const token of [ann.accessToken, phone.accessToken]) {
      expect((await second.api.as(token).get('/auth/me')).status).toBe(401);
    }
  });

  it('keeps the tokens of the previous secret good while the secret is changed', async () => {
    const ann = await shop.customer();
    const rolled = await startTestApp({
      databaseUrl: shop.test.databaseUrl,
      settings: {
        JWT_SECRET: 'the-new-one-of-two-keys-4711-abcdefg',
        JWT_SECRET_PREVIOUS: shop.test.jwtSecret,
      },
    });
    expect((await rolled.api.as(ann.accessToken).get('/auth/me')).status).toBe(200);
    const { body } = await rolled.api.post('/auth/login', { email: ann.email, password: PASSWORD });
    expect((await rolled.api.as(body.accessToken).get('/auth/me')).status).toBe(200);
    expect((await shop.api.as(body.accessToken).get('/auth/me')).status).toBe(401);
    await rolled.close();
  });

  it('answers a refresh that is repeated across a change of the secret with the same refresh token', async () => {
    const ann = await shop.customer();
    const first = await shop.api.post('/auth/refresh', { refreshToken: ann.refreshToken });
    const rolled = await startTestApp({
      databaseUrl: shop.test.databaseUrl,
      settings: {
        JWT_SECRET: 'the-new-one-of-two-keys-4711-abcdefg',
        JWT_SECRET_PREVIOUS: shop.test.jwtSecret,
      },
    });
    const repeated = await rolled.api.post('/auth/refresh', { refreshToken: ann.refreshToken });
    await rolled.close();
    expect(repeated.status).toBe(200);
    expect(repeated.body.refreshToken).toBe(first.body.refreshToken);
  });
});
