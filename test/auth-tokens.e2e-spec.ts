import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { expectProblem } from './support/answers';
import type { Answer, Json } from './support/api-client';
import { UNKNOWN_ID } from './support/routes';
import { type Person, Shop } from './support/shop';

const SECRET = randomBytes(32).toString('hex');

interface Claims {
  [claim: string]: unknown;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function decode(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
}

/** A token as the server makes them, or one that only looks like it. */
function sign(claims: Claims, { secret = SECRET, algorithm = 'HS256', hash = 'sha256' } = {}): string {
  const content = `${encode({ alg: algorithm, typ: 'JWT' })}.${encode(claims)}`;
  return `${content}.${createHmac(hash, secret).update(content).digest('base64url')}`;
}

const secondsFromNow = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

describe('an access token', () => {
  let shop: Shop;
  let ann: Person;
  let claims: Claims;

  beforeAll(async () => {
    shop = await Shop.open({ settings: { JWT_SECRET: SECRET, JWT_ACCESS_TTL_SECONDS: '900' } });
  });

  beforeEach(async () => {
    ann = await shop.customer();
    claims = decode(ann.accessToken);
  });

  afterAll(() => shop.close());

  const me = (token: string): Promise<Answer<Json>> => shop.api.as(token).get('/auth/me');

  it('says who, since when, until when and for whom, and nothing about the person', async () => {
    expect(claims).toEqual({
      sub: ann.id,
      sid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      typ: 'access',
      iss: expect.any(String),
      aud: expect.any(String),
      iat: expect.any(Number),
      exp: Number(claims.iat) + 900,
    });
    expect(Math.abs(Number(claims.iat) - secondsFromNow(0))).toBeLessThan(5);
  });

  it('that the test signs itself is as good, so that the forgeries below fail for what is wrong with them', async () => {
    expect((await me(sign(claims))).body.id).toBe(ann.id);
  });

  const forgeries: Record<string, () => string> = {
    'without a signature': () => `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.`,
    'without a signature, in disguise': () => `${encode({ alg: 'nOnE' })}.${encode(claims)}.`,
    'with its signature cut off': () => ann.accessToken.replace(/[^.]+$/, ''),
    'signed with another secret': () => sign(claims, { secret: randomBytes(32).toString('hex') }),
    'signed with an empty secret': () => sign(claims, { secret: '' }),
    'signed with another algorithm': () => sign(claims, { algorithm: 'HS512', hash: 'sha512' }),
    'of another user': () => {
      const [head, , signature] = ann.accessToken.split('.');
      return `${head}.${encode({ ...claims, sub: shop.admin.id })}.${signature}`;
    },
    'of another issuer': () => sign({ ...claims, iss: 'somebody else' }),
    'for another audience': () => sign({ ...claims, aud: 'another shop' }),
    'for no audience': () => sign({ ...claims, aud: undefined }),
    'of another kind': () => sign({ ...claims, typ: 'reset-password' }),
    'of no kind': () => sign({ ...claims, typ: undefined }),
    'that is a refresh token': () => ann.refreshToken,
    'of 8 kB': () => `${ann.accessToken}${'x'.repeat(8_000)}`,
    'of three dots': () => '...',
    'of one word': () => 'nonsense',
    'whose claims are no JSON': () => `${encode({ alg: 'HS256', typ: 'JWT' })}.bm9uZQ.x`,
    'whose header is an array': () => `${encode([])}.${encode(claims)}.x`,
    'that names an unknown key': () => `${encode({ alg: 'HS256', kid: 'unknown' })}.${encode(claims)}.x`,
    'that names no key by a number': () => `${encode({ alg: 'HS256', kid: 1 })}.${encode(claims)}.x`,
    'of JSON that is none': () => `${encode({ alg: 'HS256' })}.bm9uZQ.x`,
  };

  it.each(Object.entries(forgeries))('%s is refused, on public routes too', async (_, forge) => {
    for (const path of ['/auth/me', '/products', '/categories/tree', `/orders/${UNKNOWN_ID}`]) {
      const answer = await shop.api.as(forge()).get(path);
      expectProblem(answer, 401, 'invalid_token');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(answer.headers.get('cache-control')).toBe('private, no-store');
    }
    expectProblem(await shop.api.as(forge()).post('/auth/login', {}), 401, 'invalid_token');
  });

  it.each(['Basic YTpi', 'Bearer', 'Bearer ', 'Token x', 'Bearer a b', ''])(
    'is not what the header "%s" holds',
    async (authorization) => {
      for (const path of ['/auth/me', '/products']) {
        const answer = await shop.api.get(path, { Authorization: authorization });
        expect(answer.status).toBe(401);
        expect(answer.body.code).toBe('invalid_token');
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      }
    },
  );

  it('that has expired says so, on public routes too', async () => {
    const expired = sign({ ...claims, iat: secondsFromNow(-901), exp: secondsFromNow(-1) });
    expectProblem(await me(expired), 401, 'token_expired');
    expectProblem(await shop.api.as(expired).get('/products'), 401, 'token_expired');
    const forged = sign({ ...claims, exp: secondsFromNow(-1) }, { secret: 'another secret' });
    expectProblem(await me(forged), 401, 'invalid_token');
  });

  it('of a session that is none, or of somebody else, is as one of a session that has ended', async () => {
    expectProblem(await me(sign({ ...claims, sid: randomUUID() })), 401, 'token_revoked');
    expectProblem(await me(sign({ ...claims, sub: shop.admin.id })), 401, 'token_revoked');
  });

  it('is taken whatever the case of the word Bearer', async () => {
    const answer = await shop.api.get('/auth/me', { Authorization: `bearer ${ann.accessToken}` });
    expect(answer.status).toBe(200);
  });

  describe('loses at the next request', () => {
    it('everything when its user is disabled', async () => {
      await shop.admin.api.patch(`/users/${ann.id}`, { isActive: false });
      for (const path of ['/auth/me', '/cart', '/orders', '/products']) {
        const answer = await ann.api.get(path);
        expectProblem(answer, 401, 'token_revoked');
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      }
    });

    it('everything for good: who is enabled again signs in again', async () => {
      await shop.admin.api.patch(`/users/${ann.id}`, { isActive: false });
      await shop.admin.api.patch(`/users/${ann.id}`, { isActive: true });
      expectProblem(await ann.api.get('/auth/me'), 401, 'token_revoked');
      const { email, password, refreshToken } = ann;
      expectProblem(await shop.api.post('/auth/refresh', { refreshToken }), 401, 'token_revoked');
      expect((await shop.api.post('/auth/login', { email, password })).status).toBe(200);
    });

    it('everything when its user is deleted', async () => {
      expect((await shop.admin.api.delete(`/users/${ann.id}`)).status).toBe(204);
      expectProblem(await ann.api.get('/auth/me'), 401, 'token_revoked');
      expectProblem(await ann.api.get('/products'), 401, 'token_revoked');
    });

    it('the rights of a role that its user no longer has', async () => {
      await shop.admin.api.patch(`/users/${ann.id}`, { roles: ['ADMIN'] });
      expect((await ann.api.get('/users')).status).toBe(200);
      await shop.admin.api.patch(`/users/${ann.id}`, { roles: ['EDITOR'] });
      expectProblem(await ann.api.get('/users'), 403, 'forbidden');
      expect((await ann.api.get('/products?status=draft')).status).toBe(200);
      await shop.admin.api.patch(`/users/${ann.id}`, { roles: ['CUSTOMER'] });
      expect((await ann.api.get('/products?status=draft')).status).toBe(422);
      expect((await ann.api.get('/auth/me')).body.roles).toEqual(['CUSTOMER']);
    });
  });
});
