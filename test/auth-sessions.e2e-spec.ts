import { randomBytes } from 'node:crypto';
import { atOnce, expectInvalid, expectProblem } from './support/answers';
import type { Answer, Json } from './support/api-client';
import { startTestApp, type TestApp } from './support/app';
import { PASSWORD, type Person, Shop } from './support/shop';

const SETTINGS = { JWT_SECRET: randomBytes(32).toString('hex') };

describe('a session', () => {
  let shop: Shop;
  let otherInstance: TestApp;
  let ann: Person;

  beforeAll(async () => {
    shop = await Shop.open({ settings: SETTINGS });
    otherInstance = await startTestApp({ settings: SETTINGS, databaseUrl: shop.test.databaseUrl });
  });

  beforeEach(async () => {
    ann = await shop.customer();
  });

  afterAll(async () => {
    await otherInstance.close();
    await shop.close();
  });

  const refresh = (refreshToken: unknown): Promise<Answer<Json>> =>
    shop.api.post('/auth/refresh', { refreshToken });
  const me = (accessToken: string): Promise<Answer<Json>> => shop.api.as(accessToken).get('/auth/me');
  const signIn = async (): Promise<Json> =>
    (await shop.api.post('/auth/login', { email: ann.email, password: PASSWORD })).body;
  /** Lets as much time pass for the used tokens of the person. */
  const wait = (seconds: number, { id }: Person): Promise<Json> =>
    shop.query(
      `UPDATE refresh_tokens SET used_at = used_at - make_interval(secs => $2)
        WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1)`,
      [id, seconds],
    );
  const liveTokens = ({ id }: Person): Promise<Json[]> =>
    shop.query(
      `SELECT t.id FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id
        WHERE s.user_id = $1 AND t.used_at IS NULL AND s.revoked_at IS NULL`,
      [id],
    );

  describe('goes on', () => {
    it('with new tokens for a refresh token', async () => {
      const { status, body } = await refresh(ann.refreshToken);
      expect(status).toBe(200);
      expect(body).toEqual({
        user: expect.objectContaining({ id: ann.id, email: ann.email, roles: ['CUSTOMER'] }),
        accessToken: expect.any(String),
        refreshToken: expect.any(String),
        tokenType: 'Bearer',
        expiresIn: 3600,
      });
      expect(body.refreshToken).not.toBe(ann.refreshToken);
      expect((await me(body.accessToken)).body.id).toBe(ann.id);
      expect((await refresh(body.refreshToken)).status).toBe(200);
    });

    it('when the refresh token comes as the Bearer token', async () => {
      const { status, body } = await shop.api.as(ann.refreshToken).post('/auth/refresh');
      expect(status).toBe(200);
      expect((await me(body.accessToken)).status).toBe(200);
    });

    it('when the refresh token comes beside an access token', async () => {
      const answer = await ann.api.post('/auth/refresh', { refreshToken: ann.refreshToken });
      expect(answer.status).toBe(200);
    });

    it('with the same tokens again when the first answer was lost on the way', async () => {
      const first = await refresh(ann.refreshToken);
      await wait(8, ann);
      const again = await refresh(ann.refreshToken);
      expect(again.status).toBe(200);
      expect(again.body).toEqual({ ...first.body, accessToken: expect.any(String) });
      expect((await me(again.body.accessToken)).status).toBe(200);
      expect(await liveTokens(ann)).toHaveLength(1);
    });

    it('with one live token when twenty requests refresh it at once, on two instances', async () => {
      const answers = await atOnce(20, (index) =>
        (index % 2 ? shop.api : otherInstance.api).post<Json>('/auth/refresh', {
          refreshToken: ann.refreshToken,
        }),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
      const pairs = answers.map(({ body }) => `${body.accessToken} ${body.refreshToken}`);
      expect(new Set(pairs).size).toBe(1);
      expect(await liveTokens(ann)).toHaveLength(1);
      expect((await refresh(answers[0]?.body.refreshToken)).status).toBe(200);
    });

    it('with the user as stored now', async () => {
      await shop.admin.api.patch(`/users/${ann.id}`, { roles: ['EDITOR'], firstName: 'Ann' });
      expect((await refresh(ann.refreshToken)).body.user).toMatchObject({
        roles: ['EDITOR'],
        firstName: 'Ann',
      });
    });
  });

  describe('does not go on', () => {
    it('when a used token is presented again later: it ends, for the thief and for the owner', async () => {
      const { body } = await refresh(ann.refreshToken);
      const elsewhere = await signIn();
      await wait(11, ann);
      const replay = await refresh(ann.refreshToken);
      expectProblem(replay, 401, 'refresh_token_reused');
      expect(replay.headers.get('www-authenticate')).toBe('Bearer');
      expectProblem(await me(ann.accessToken), 401, 'token_revoked');
      expectProblem(await me(body.accessToken), 401, 'token_revoked');
      expectProblem(await refresh(body.refreshToken), 401, 'token_revoked');
      expectProblem(await refresh(ann.refreshToken), 401, 'token_revoked');
      expect((await me(elsewhere.accessToken)).status).toBe(200);
      expect(shop.test.logs).toContainEqual(
        expect.objectContaining({ event: 'refresh_token_reused', userId: ann.id }),
      );
    });

    it.each([
      'nonsense',
      '',
      null,
      'x'.repeat(42),
      randomBytes(32).toString('base64url'),
      'x'.repeat(8_000),
      `${randomBytes(32).toString('base64url')}' OR true`,
    ])('with the refresh token %j, which is none', async (token) => {
      expectProblem(await refresh(token), 401, 'invalid_token');
    });

    it('without a refresh token', async () => {
      for (const answer of [
        await shop.api.post('/auth/refresh'),
        await shop.api.post('/auth/refresh', {}),
        await shop.api.as('nonsense').post('/auth/refresh'),
        await shop.api.with({ Authorization: 'Basic YTpi' }).post('/auth/refresh'),
      ]) {
        expectProblem(answer, 401, 'invalid_token');
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      }
      expectInvalid(await refresh({ token: ann.refreshToken }), 'refreshToken');
    });

    it('with an access token in the place of the refresh token', async () => {
      expectProblem(await refresh(ann.accessToken), 401, 'invalid_token');
      expectProblem(await ann.api.post('/auth/refresh'), 401, 'invalid_token');
    });

    it('with a token that was idle for too long', async () => {
      await shop.query(
        'UPDATE refresh_tokens SET expires_at = now() WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1)',
        [ann.id],
      );
      expect((await refresh(ann.refreshToken)).status).toBe(401);
    });

    it('past its absolute end', async () => {
      await shop.query('UPDATE sessions SET expires_at = now() WHERE user_id = $1', [ann.id]);
      expectProblem(await refresh(ann.refreshToken), 401, 'token_revoked');
      expectProblem(await me(ann.accessToken), 401, 'token_revoked');
    });

    it('once its user is disabled', async () => {
      await shop.admin.api.patch(`/users/${ann.id}`, { isActive: false });
      expectProblem(await refresh(ann.refreshToken), 401, 'token_revoked');
    });
  });

  it('keeps nothing in the tables that could be presented', async () => {
    const { body } = await refresh(ann.refreshToken);
    const rows = await shop.query(
      'SELECT t.*, s.* FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id',
    );
    for (const secret of [ann.refreshToken, body.refreshToken, ann.accessToken])
      expect(JSON.stringify(rows)).not.toContain(secret);
  });

  describe('ends', () => {
    it('at once when its owner signs out, on every instance, and other devices stay signed in', async () => {
      const elsewhere = await signIn();
      expect((await otherInstance.api.as(ann.accessToken).get('/auth/me')).status).toBe(200);
      const { status, body } = await ann.api.post('/auth/logout');
      expect([status, body]).toEqual([204, '']);
      for (const { api } of [shop.test, otherInstance]) {
        const refused = await api.as(ann.accessToken).get('/auth/me');
        expectProblem(refused, 401, 'token_revoked');
        expect(refused.headers.get('www-authenticate')).toBe('Bearer');
        const { refreshToken } = ann;
        expectProblem(await api.post('/auth/refresh', { refreshToken }), 401, 'token_revoked');
        expect((await api.as(elsewhere.accessToken).get('/auth/me')).status).toBe(200);
      }
      expectProblem(await ann.api.post('/auth/logout'), 401, 'token_revoked');
    });

    it('when it is the least recently used of eleven', async () => {
      const oldest = await signIn();
      const others: Json[] = [];
      for (let device = 0; device < 8; device++) others.push(await signIn());
      // The first of all is used again, so that the second is now the oldest.
      const first = (await refresh(ann.refreshToken)).body;
      const eleventh = await signIn();
      expectProblem(await me(oldest.accessToken), 401, 'token_revoked');
      expectProblem(await refresh(oldest.refreshToken), 401, 'token_revoked');
      for (const { accessToken } of [first, ...others, eleventh])
        expect((await me(accessToken)).status).toBe(200);
    });

    it('and never is the new one, also when all others were used while it waited for its turn', async () => {
      for (let devices = 1; devices < 10; devices++) await signIn();
      const busy = shop.test.owner.createQueryRunner();
      await busy.startTransaction();
      await busy.query('SELECT FROM users WHERE id = $1 FOR UPDATE', [ann.id]);
      const waiting = signIn();
      await shop.someoneWaits();
      await shop.query('UPDATE sessions SET last_used_at = clock_timestamp() WHERE user_id = $1', [ann.id]);
      await busy.rollbackTransaction();
      await busy.release();
      expect((await me((await waiting).accessToken)).status).toBe(200);
    });

    it('so that ten are left when a user signs in on fifteen devices at once', async () => {
      await atOnce(15, signIn);
      const live = await shop.query('SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL', [
        ann.id,
      ]);
      expect(live).toHaveLength(10);
    });
  });
});
