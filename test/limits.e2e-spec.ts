import { randomBytes } from 'node:crypto';
import { PasswordsService } from '../src/modules/users/passwords.service';
import { expectProblem } from './support/answers';
import type { Answer, ApiClient, Json } from './support/api-client';
import { startTestApp, type TestApp } from './support/app';
import { callOf, routesOf } from './support/routes';
import { PASSWORD, Shop } from './support/shop';

const LIMITS = {
  RATE_LIMIT: 'on',
  RATE_LIMIT_CATALOGUE: '4',
  RATE_LIMIT_CATALOGUE_USER: '6',
  RATE_LIMIT_SIGN_IN: '8',
  RATE_LIMIT_SIGN_IN_ACCOUNT: '3',
  RATE_LIMIT_CART: '3',
  RATE_LIMIT_GUEST: '5',
  RATE_LIMIT_GUEST_CARTS_PER_HOUR: '2',
};

describe('the rate limit', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open({ settings: { ...LIMITS, TRUST_PROXY: '1' } });
  });

  afterAll(() => shop.close());

  const from = (address: string, api: ApiClient = shop.api): ApiClient =>
    api.with({ 'X-Forwarded-For': address });
  const statuses = async (
    count: number,
    ask: (index: number) => Promise<Answer<Json>>,
  ): Promise<number[]> => {
    const found: number[] = [];
    for (let index = 0; index < count; index++) found.push((await ask(index)).status);
    return found;
  };

  it('is told on every answer of a known route, whoever asks and whatever comes of it', async () => {
    const answers = new Set<number>();
    for (const route of routesOf(shop.test).filter((name) => name.includes(' /api/'))) {
      const { method, path } = callOf(route);
      for (const [caller, query] of [
        [shop.api, ''],
        [shop.api, '?nonsense=1'],
        [(await shop.customer()).api, ''],
        [shop.api.as('nonsense'), ''],
      ] as const) {
        const { status, headers } = await from(anyAddress(), caller).request(method, `${path}${query}`);
        answers.add(status);
        expect({ route, ...limitHeaders(headers) }).toEqual({
          route,
          limit: expect.stringMatching(/^[1-9]\d*$/),
          remaining: expect.stringMatching(/^\d+$/),
          reset: expect.stringMatching(/^[1-9]\d*$/),
        });
      }
    }
    expect([...answers]).toEqual(expect.arrayContaining([200, 401, 403, 404, 422]));
  });

  it('counts down, and then says when to come back', async () => {
    const api = from(anyAddress());
    for (const remaining of ['3', '2', '1', '0']) {
      const { status, headers } = await api.get('/products');
      expect(status).toBe(200);
      expect(limitHeaders(headers)).toMatchObject({ limit: '4', remaining });
    }
    const answer = await api.get('/categories');
    expectProblem(answer, 429, 'too_many_requests');
    const { limit, remaining, reset } = limitHeaders(answer.headers);
    expect([limit, remaining]).toEqual(['4', '0']);
    expect(Number(reset)).toBeGreaterThan(0);
    expect(Number(reset)).toBeLessThanOrEqual(60);
    expect(answer.headers.get('retry-after')).toBe(reset);
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
  });

  it('holds for an address, not for others', async () => {
    const [one, other] = ['192.0.2.1', '192.0.2.2'];
    expect(await statuses(5, () => from(one).get('/products'))).toEqual([200, 200, 200, 200, 429]);
    expect((await from(other).get('/products')).status).toBe(200);
  });

  it('takes the /64 of an IPv6 address for one caller', async () => {
    const network = `2001:db8:${anyHextet()}:${anyHextet()}`;
    const addresses = ['1', '2', 'ffff:ffff:ffff:ffff', 'a:0:0:b', '3'].map((end) =>
      end.includes(':') ? `${network}:${end}` : `${network}::${end}`,
    );
    expect(await statuses(5, (index) => from(addresses[index] ?? '').get('/products'))).toEqual([
      200, 200, 200, 200, 429,
    ]);
    expect((await from(`2001:db8:${anyHextet()}:1::1`).get('/products')).status).toBe(200);
  });

  it('follows a signed-in user from address to address, and tells users of one address apart', async () => {
    const [ann, bob] = await shop.customers(2);
    const ofAnn = ann?.api ?? shop.api;
    expect(await statuses(7, () => from(anyAddress(), ofAnn).get('/products'))).toEqual([
      200, 200, 200, 200, 200, 200, 429,
    ]);
    const address = anyAddress();
    expect((await from(address, ofAnn).get('/products')).status).toBe(429);
    expect((await from(address, bob?.api).get('/products')).status).toBe(200);
  });

  it('is not dodged by tokens that are made up', async () => {
    const address = anyAddress();
    const forged = (): ApiClient => from(address, shop.api.as(`e30.${randomBytes(9).toString('hex')}.x`));
    expect(await statuses(5, () => forged().get('/products'))).toEqual([401, 401, 401, 401, 429]);
  });

  it('of guest carts counts the address: many carts, or tokens that are made up, gain nothing', async () => {
    const address = anyAddress();
    expect(await statuses(3, () => from(address).post('/carts'))).toEqual([201, 201, 429]);
    const anyCart = () => from(address).with({ 'X-Cart-Token': randomBytes(32).toString('base64url') });
    expect(await statuses(6, () => anyCart().delete('/cart'))).toEqual([404, 404, 404, 404, 404, 429]);
    expect(await statuses(6, () => anyCart().get('/cart'))).toEqual([404, 404, 404, 404, 404, 429]);
    const ann = await shop.customer();
    expect(await statuses(4, () => from(address, ann.api).delete('/cart'))).toEqual([204, 204, 204, 429]);
  });

  it.each(['login', 'forgot-password', 'reset-password', 'register', 'refresh'])(
    'of %s counts one address, whatever accounts somebody has made there',
    async (route) => {
      const [address, people] = [anyAddress(), await shop.customers(2)];
      const remaining: number[] = [];
      for (const api of [shop.api, ...people.map((person) => person.api)]) {
        const { headers } = await from(address, api).post(`/auth/${route}`, {});
        remaining.push(Number(headers.get('ratelimit-remaining')));
      }
      const [first = 0] = remaining;
      expect(remaining).toEqual([first, first - 1, first - 2]);
    },
  );

  it('comes before the body is read', async () => {
    const api = from(anyAddress());
    await statuses(8, () => api.post('/auth/login', '{'));
    expectProblem(await api.post('/auth/login', '{'), 429, 'too_many_requests');
  });

  it('stops who guesses the password of an account before it costs a hash', async () => {
    const { email } = await shop.customer();
    const [address, password] = [anyAddress(), 'wrong password'];
    const hashing = jest.spyOn(shop.test.app.get(PasswordsService), 'matches');
    const guess = (): Promise<Answer<Json>> => from(address).post('/auth/login', { email, password });
    expect(await statuses(3, guess)).toEqual([401, 401, 401]);
    const stopped = await from(address).post('/auth/login', {
      email: ` ${email.toUpperCase()} `,
      password: PASSWORD,
    });
    expectProblem(stopped, 429, 'too_many_requests');
    const [retryAfter, { remaining, reset }] = [
      stopped.headers.get('retry-after'),
      limitHeaders(stopped.headers),
    ];
    expect(retryAfter).toMatch(/^[1-9]\d*$/);
    expect([remaining, reset]).toEqual(['0', retryAfter]);
    expect(hashing).toHaveBeenCalledTimes(3);
    hashing.mockRestore();
  });

  it('stops a guesser who has a whole /64 of addresses', async () => {
    const { email } = await shop.customer();
    const network = `2001:db8:${anyHextet()}:${anyHextet()}`;
    const guess = (index: number): Promise<Answer<Json>> =>
      from(`${network}::${index + 1}`).post('/auth/login', { email, password: 'wrong password' });
    expect(await statuses(4, guess)).toEqual([401, 401, 401, 429]);
  });

  it('lets the owner of an account in while somebody elsewhere guesses at it', async () => {
    const { email } = await shop.customer();
    const address = anyAddress();
    await statuses(4, () => from(address).post('/auth/login', { email, password: 'wrong password' }));
    expect((await from(anyAddress()).post('/auth/login', { email, password: PASSWORD })).status).toBe(200);
  });

  it('leaves health checks alone', async () => {
    const api = from(anyAddress());
    expect(new Set(await statuses(20, () => api.get('//health')))).toEqual(new Set([200]));
    expect((await api.get('//health')).headers.get('ratelimit-limit')).toBeNull();
  });
});

describe('the rate limit without a proxy in front', () => {
  let direct: TestApp;
  let off: TestApp;

  beforeAll(async () => {
    direct = await startTestApp({ settings: LIMITS });
    off = await startTestApp({ settings: { RATE_LIMIT_CATALOGUE: '4', RATE_LIMIT_SIGN_IN_ACCOUNT: '3' } });
  });

  afterAll(() => Promise.all([direct.close(), off.close()]));

  it('does not believe what a client says of its address', async () => {
    const answers = [];
    for (let index = 0; index < 5; index++) {
      answers.push(await direct.api.get('/products', { 'X-Forwarded-For': anyAddress() }));
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429]);
  });

  it('can be switched off', async () => {
    for (let index = 0; index < 6; index++) {
      const { status, headers } = await off.api.get('/products');
      expect(status).toBe(200);
      expect([...headers.keys()].filter((name) => name.startsWith('ratelimit'))).toEqual([]);
      const guess = { email: 'ann@example.com', password: 'wrong password' };
      expect((await off.api.post('/auth/login', guess)).status).toBe(401);
    }
  });
});

function limitHeaders(headers: Headers): Record<string, string | null> {
  return {
    limit: headers.get('ratelimit-limit'),
    remaining: headers.get('ratelimit-remaining'),
    reset: headers.get('ratelimit-reset'),
  };
}

function anyHextet(): string {
  return randomBytes(2).toString('hex');
}

/** An address that no other test asks from. */
function anyAddress(): string {
  return `2001:db8:${anyHextet()}:${anyHextet()}::1`;
}
