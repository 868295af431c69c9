import { atOnce, expectInvalid, expectProblem, tally } from './support/answers';
import type { Answer, Json } from './support/api-client';
import { PASSWORD, Shop, unique } from './support/shop';

const KELVIN_SIGN = '\u212a';
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('an account', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  afterAll(() => shop.close());

  const anyEmail = (): string => `person-${unique()}@example.com`;
  const register = (fields: object): Promise<Answer<Json>> =>
    shop.api.post('/auth/register', { email: anyEmail(), password: PASSWORD, ...fields });
  const login = (email: string, password: string = PASSWORD): Promise<Answer<Json>> =>
    shop.api.post('/auth/login', { email, password });

  describe('is made', () => {
    it('for a customer, who is signed in with it at once', async () => {
      const email = anyEmail();
      const { status, headers, body } = await register({ email });
      expect(status).toBe(201);
      expect(headers.get('location')).toBe(`/api/users/${body.user.id}`);
      expect(headers.get('cache-control')).toBe('private, no-store');
      expect(body).toEqual({
        user: {
          id: expect.stringMatching(UUID_V7),
          email,
          username: null,
          firstName: null,
          lastName: null,
          phone: null,
          roles: ['CUSTOMER'],
          isActive: true,
          emailVerified: false,
          createdAt: expect.stringMatching(INSTANT),
          updatedAt: expect.stringMatching(INSTANT),
        },
        accessToken: expect.any(String),
        refreshToken: expect.any(String),
        tokenType: 'Bearer',
        expiresIn: 3600,
      });
      const me = await shop.api.as(body.accessToken).get('/auth/me');
      expect(me.status).toBe(200);
      expect(me.body).toEqual(body.user);
      expect((await shop.api.as(body.accessToken).get(headers.get('location')?.slice(4) ?? '')).status).toBe(
        200,
      );
    });

    it('with what people say about themselves, trimmed', async () => {
      const email = `Ann.${unique()}@Example.com`;
      const username = `Ann_${unique()}`;
      const { status, body } = await register({
        email: `  ${email} `,
        username: ` ${username} `,
        firstName: ' Ann ',
        lastName: 'O’Brien-Łąka',
        phone: ' +1 (555) 010-0100 ',
      });
      expect(status).toBe(201);
      expect(body.user).toMatchObject({
        email,
        username,
        firstName: 'Ann',
        lastName: 'O’Brien-Łąka',
        phone: '+1 (555) 010-0100',
      });
    });

    it('with null where nothing is said', async () => {
      const nothing = { username: null, firstName: null, lastName: null, phone: null };
      const { status, body } = await register(nothing);
      expect(status).toBe(201);
      expect(body.user).toMatchObject(nothing);
    });

    it.each(['role', 'roles', 'isActive', 'emailVerified', 'id'])(
      'without letting anyone choose their %s',
      async (field) => {
        const email = anyEmail();
        const value = field === 'roles' ? ['ADMIN'] : field === 'role' ? 'ADMIN' : true;
        expectInvalid(await register({ email, [field]: value }), field);
        expectProblem(await login(email), 401, 'invalid_credentials');
      },
    );

    it.each([
      ['email', undefined],
      ['email', null],
      ['email', ''],
      ['email', 'ann'],
      ['email', 'ann@'],
      ['email', 'ann@example'],
      ['email', 'ann@exa mple.com'],
      ['email', 'Ann <ann@example.com>'],
      ['email', `${'a'.repeat(250)}@example.com`],
      ['email', ['ann@example.com']],
      ['password', undefined],
      ['password', 'short77'],
      ['password', 12345678],
      ['password', 'x'.repeat(73)],
      ['password', '€'.repeat(25)],
      ['password', 'null\u0000byte'],
      ['username', 'ab'],
      ['username', 'x'.repeat(33)],
      ['username', 'two words'],
      ['username', 'naïve'],
      ['firstName', 'x'.repeat(101)],
      ['lastName', 7],
      ['phone', 'call me'],
    ])('only with a good %s, not %j', async (field, value) => {
      expectInvalid(await register({ [field]: value }), field);
    });

    it('once for an e-mail, however it is written', async () => {
      const name = `kim-${unique()}`;
      expect((await register({ email: `${name}@example.com` })).status).toBe(201);
      for (const email of [
        `${name}@example.com`,
        `${name.toUpperCase()}@EXAMPLE.com`,
        ` ${name}@example.com `,
        `${name.replace('k', KELVIN_SIGN)}@example.com`,
        `${name.replace('k', 'ｋ')}@example.com`,
        `${name.replace('i', 'ⅰ')}@example.com`,
      ]) {
        expectProblem(await register({ email }), 409, 'email_taken');
      }
    });

    it('once for a username, whatever its case', async () => {
      const username = `Ann.${unique()}`;
      expect((await register({ username })).status).toBe(201);
      expectProblem(await register({ username: username.toLowerCase() }), 409, 'username_taken');
      expectProblem(await register({ username: username.toUpperCase() }), 409, 'username_taken');
    });

    it('for exactly one of ten who register the same e-mail at once', async () => {
      const name = `race-${unique()}`;
      const answers = await atOnce(10, (index) =>
        register({ email: index % 2 ? `${name}@example.com` : `${name.toUpperCase()}@Example.COM` }),
      );
      expect(tally(answers)).toEqual({ '201': 1, '409 email_taken': 9 });
      expect(await shop.query('SELECT id FROM users WHERE email ILIKE $1', [`${name}@%`])).toHaveLength(1);
    });

    it('for exactly one of ten who want the same username at once', async () => {
      const username = `race-${unique()}`;
      const answers = await atOnce(10, () => register({ username }));
      expect(tally(answers)).toEqual({ '201': 1, '409 username_taken': 9 });
    });
  });

  describe('lets in', () => {
    it('its owner, however the e-mail is written', async () => {
      const { id, email } = await shop.customer({ email: `kim-${unique()}@example.com` });
      for (const written of [email, email.toUpperCase(), ` ${email} `, email.replace('k', KELVIN_SIGN)]) {
        const { status, headers, body } = await login(written);
        expect(status).toBe(200);
        expect(headers.get('location')).toBeNull();
        expect(body).toMatchObject({ user: { id, email }, tokenType: 'Bearer', expiresIn: 3600 });
        expect((await shop.api.as(body.accessToken).get('/auth/me')).body.id).toBe(id);
      }
    });

    it('nobody with another password: unknown, wrong and disabled are one answer', async () => {
      const [known, disabled] = [await shop.customer(), await shop.customer()];
      await shop.admin.api.patch(`/users/${disabled.id}`, { isActive: false });
      const answers = [
        await login(anyEmail()),
        await login('not an e-mail'),
        await login(known.email, `${PASSWORD}!`),
        await login(known.email, ''),
        await login(disabled.email),
        await login(disabled.email, 'wrong password'),
      ];
      for (const answer of answers) {
        expectProblem(answer, 401, 'invalid_credentials');
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
        expect(answer.body).toEqual({ ...answers[0]?.body, requestId: expect.any(String) });
      }
    });

    it('nobody whose password only begins like the right one', async () => {
      for (const password of ['p'.repeat(72), '€'.repeat(24)]) {
        const email = anyEmail();
        expect((await register({ email, password })).status).toBe(201);
        expect((await login(email, password)).status).toBe(200);
        expectProblem(await login(email, `${password}x`), 401, 'invalid_credentials');
        expectProblem(await login(email, password.slice(0, -1)), 401, 'invalid_credentials');
      }
    });

    it('nobody who leaves the e-mail or the password out', async () => {
      expectInvalid(await shop.api.post('/auth/login', { password: PASSWORD }), 'email');
      expectInvalid(await shop.api.post('/auth/login', { email: anyEmail() }), 'password');
      expectInvalid(await shop.api.post('/auth/login'), 'email');
    });

    it('nobody by what stands in the tables', async () => {
      const { id, email } = await shop.customer();
      const [{ password_hash: hash }] = await shop.query('SELECT password_hash FROM users WHERE id = $1', [
        id,
      ]);
      expect(hash).toMatch(/^\$2b\$/);
      expectProblem(await login(email, hash), 401, 'invalid_credentials');
    });
  });

  it('keeps passwords and tokens out of the log', async () => {
    const { email, accessToken, refreshToken } = await shop.customer();
    await login(email, 'a wrong password');
    await shop.api.post('/auth/refresh', { refreshToken });
    const log = JSON.stringify(shop.test.logs);
    for (const secret of [PASSWORD, 'a wrong password', accessToken, refreshToken, email])
      expect(log).not.toContain(secret);
    expect(shop.test.logs).toContainEqual(expect.objectContaining({ event: 'sign_in_failed' }));
  });
});

describe('signing in', () => {
  it('takes as long for an e-mail that nobody has as for a wrong password', async () => {
    const shop = await Shop.open({ settings: { BCRYPT_COST: '10' } });
    const { email } = await shop.customer();
    const timeOf = async (who: string): Promise<number> => {
      const startedAt = performance.now();
      await shop.api.post('/auth/login', { email: who, password: 'wrong password' });
      return performance.now() - startedAt;
    };
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let round = 0; round < 3; round++) {
      known.push(await timeOf(email));
      unknown.push(await timeOf('nobody@example.com'));
    }
    await shop.close();
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 2);
  });
});
