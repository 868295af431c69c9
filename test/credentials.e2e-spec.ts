import { MailTokensService } from '../src/modules/auth/mail-tokens.service';
import { PasswordsService } from '../src/modules/users/passwords.service';
import { PASSWORD, type Person, Shop } from './support/shop';
import { MailServer, type ReceivedMail, refusal } from './support/smtp';

const NEW_PASSWORD = 'another horse 43';

const RESET = /^Set a new password/;
const VERIFY = /^Confirm your e-mail/;
const CHANGED = /^Your password was changed/;

describe('passwords and e-mails', () => {
  let shop: Shop;
  let server: MailServer;

  beforeAll(async () => {
    server = await MailServer.start();
    shop = await Shop.open({ settings: { ...server.settings, APP_URL: 'https://shop.example' } });
  });

  afterAll(async () => {
    await shop.close();
    await server.close();
  });

  function login(person: Person, password: string): Promise<{ status: number }> {
    return shop.api.post('/auth/login', { email: person.email, password });
  }

  describe('changing a password', () => {
    it('keeps this session, ends every other one, and retires the old password', async () => {
      const ann = await shop.customer();
      const { body: other } = await shop.api.post('/auth/login', { email: ann.email, password: PASSWORD });
      const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
      expect((await ann.api.post('/auth/change-password', body)).status).toBe(204);

      expect((await ann.api.get('/auth/me')).status).toBe(200);
      const { status, body: problem } = await shop.api.as(other.accessToken).get('/auth/me');
      expect([status, problem.code]).toEqual([401, 'token_revoked']);
      expect((await shop.api.post('/auth/refresh', { refreshToken: other.refreshToken })).status).toBe(401);
      expect((await login(ann, PASSWORD)).status).toBe(401);
      expect((await login(ann, NEW_PASSWORD)).status).toBe(200);
    });

    it('answers a wrong current password with 422 on the field, so that the app stays signed in', async () => {
      const ann = await shop.customer();
      const { status, body } = await ann.api.post('/auth/change-password', {
        currentPassword: 'not my password',
        newPassword: NEW_PASSWORD,
      });
      expect(status).toBe(422);
      expect(body.errors).toEqual([
        expect.objectContaining({ field: 'currentPassword', code: 'wrong_password' }),
      ]);
      expect((await ann.api.get('/auth/me')).status).toBe(200);
    });

    it.each([
      ['reset', `UPDATE users SET password_hash = 'the reset one' WHERE id = $1`],
      ['erased', `UPDATE users SET password_hash = NULL WHERE id = $1`],
    ])('does not overwrite one that was %s since the current password was proved', async (_, sql) => {
      const ann = await shop.customer();
      const passwords = shop.test.app.get(PasswordsService);
      jest.spyOn(passwords, 'hash').mockImplementationOnce(async () => {
        await shop.query(sql, [ann.id]);
        return 'the changed one';
      });
      const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
      const answer = await ann.api.post('/auth/change-password', body);
      expect([answer.status, answer.body.errors[0].field]).toEqual([422, 'currentPassword']);
      const [user] = await shop.query(`SELECT password_hash AS hash FROM users WHERE id = $1`, [ann.id]);
      expect(user.hash).not.toBe('the changed one');
    });

    it.each(['password123', '          ', 'QwertyUiop', '          ', 'short', 'é'.repeat(37)])(
      'refuses %s as a new one',
      async (newPassword) => {
        const ann = await shop.customer();
        const { status, body } = await ann.api.post('/auth/change-password', {
          currentPassword: PASSWORD,
          newPassword,
        });
        expect([status, body.errors[0].field]).toEqual([422, 'newPassword']);
        expect((await login(ann, PASSWORD)).status).toBe(200);
      },
    );
  });

  describe('the mail about a changed password', () => {
    it('comes after a change, and says when', async () => {
      const ann = await shop.customer({ firstName: 'Ann' });
      const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
      expect((await ann.api.post('/auth/change-password', body)).status).toBe(204);
      const { text } = await server.next(ann.email, CHANGED);
      expect(text).toMatch(/^Hello Ann,$/m);
      expect(text).toMatch(/was changed on \w+ \d+, \d{4} at \d+:\d\d [AP]M UTC\./);
    });

    it('comes after a reset', async () => {
      const ann = await shop.customer();
      await shop.api.post('/auth/forgot-password', { email: ann.email });
      const token = await server.token(ann.email, RESET);
      await shop.api.post('/auth/reset-password', { token, newPassword: NEW_PASSWORD });
      await server.next(ann.email, CHANGED);
    });

    it('does not come when the change failed', async () => {
      const ann = await shop.customer();
      const mailTokens = shop.test.app.get(MailTokensService, { strict: false });
      jest.spyOn(mailTokens, 'spendAll').mockRejectedValueOnce(new Error('no'));
      const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
      expect((await ann.api.post('/auth/change-password', body)).status).toBe(500);
      await shop.api.post('/auth/forgot-password', { email: ann.email });
      await server.token(ann.email, RESET);
      expect(server.find(ann.email, CHANGED)).toEqual([]);
    });
  });

  describe('a forgotten password', () => {
    it('is set anew with the mailed token, once, and ends every session', async () => {
      const ann = await shop.customer();
      expect((await shop.api.post('/auth/forgot-password', { email: ann.email })).status).toBe(202);
      const token = await server.token(ann.email, RESET);

      const reset = await shop.api.post('/auth/reset-password', { token, newPassword: NEW_PASSWORD });
      expect(reset.status).toBe(204);
      expect((await ann.api.get('/auth/me')).status).toBe(401);
      expect((await login(ann, NEW_PASSWORD)).status).toBe(200);
      const again = await shop.api.post('/auth/reset-password', { token, newPassword: PASSWORD });
      expect([again.status, again.body.code]).toEqual([422, 'invalid_token']);
    });

    it('is answered alike for an unknown e-mail, and mails nobody', async () => {
      const { status, body } = await shop.api.post('/auth/forgot-password', { email: 'nobody@example.com' });
      expect([status, body]).toEqual([202, '']);
      const ann = await shop.customer();
      await shop.api.post('/auth/forgot-password', { email: ann.email });
      await server.token(ann.email, RESET);
      expect(server.find('nobody@example.com')).toEqual([]);
    });

    it('is set by exactly one of ten parallel resets with one token', async () => {
      const ann = await shop.customer();
      await shop.api.post('/auth/forgot-password', { email: ann.email });
      const token = await server.token(ann.email, RESET);
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) =>
          shop.api.post('/auth/reset-password', { token, newPassword: `parallel pass ${n}` }),
        ),
      );
      const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
      expect(statuses).toEqual([204, ...Array.from({ length: 9 }, () => 422)]);
    });

    it('makes the other tokens of the account useless', async () => {
      const ann = await shop.customer();
      await shop.api.post('/auth/forgot-password', { email: ann.email });
      const first = await server.token(ann.email, RESET);
      await shop.api.post('/auth/forgot-password', { email: ann.email });
      const second = await server.token(ann.email, RESET, 2);
      expect(
        (await shop.api.post('/auth/reset-password', { token: second, newPassword: NEW_PASSWORD })).status,
      ).toBe(204);
      expect(
        (await shop.api.post('/auth/reset-password', { token: first, newPassword: PASSWORD })).status,
      ).toBe(422);
    });

    it.each([
      ['expired', `UPDATE mail_tokens SET expires_at = now() WHERE user_id = $1`],
      [
        'of an e-mail that changed since',
        `UPDATE users SET email = id::text || '@new.example', email_key = id::text || '@new.example' WHERE id = $1`,
      ],
      ['of a disabled account', 'UPDATE users SET is_active = false WHERE id = $1'],
    ])('cannot be set with a token that is %s', async (_, sql) => {
      const ann = await shop.customer();
      await shop.api.post('/auth/forgot-password', { email: ann.email });
      const token = await server.token(ann.email, RESET);
      await shop.query(sql, [ann.id]);
      const { status, body } = await shop.api.post('/auth/reset-password', {
        token,
        newPassword: NEW_PASSWORD,
      });
      expect([status, body.code]).toEqual([422, 'invalid_token']);
    });

    it('comes with a link for the app', async () => {
      const ann = await shop.customer();
      await shop.api.post('/auth/forgot-password', { email: ann.email });
      const token = await server.token(ann.email, RESET);
      const { text, html } = await server.next(ann.email, RESET);
      expect(text).toContain(`\nhttps://shop.example/reset-password?token=${token}\n`);
      expect(html).toContain(`href="https://shop.example/reset-password?token&#x3D;${token}"`);
    });

    it('comes again with the same token when it is not sure that it arrived', async () => {
      const ann = await shop.customer();
      const tries: ReceivedMail[] = [];
      server.onMail = (mail) => {
        if (!mail.envelope.to.includes(ann.email) || !mail.subject?.match(RESET)) return null;
        if (tries.push(mail) > 1) return null;
        return refusal(451, '4.3.0 the mail arrived, and the answer gets lost');
      };
      await shop.api.post('/auth/forgot-password', { email: ann.email });
      await server.token(ann.email, RESET);
      const [first, second] = tries;
      expect(second?.messageId).toBe(first?.messageId);
      expect(second?.text).toContain(/^[\w-]{43}$/m.exec(first?.text ?? '')?.[0]);
    });

    it('comes to nothing once the person is erased, and keeps no trace of them', async () => {
      const idle = await Shop.open();
      const ann = await idle.customer();
      await idle.api.post('/auth/forgot-password', { email: ann.email });
      const waiting = await idle.query('SELECT payload::text AS text FROM graphile_worker._private_jobs');
      const [token] = await idle.query('SELECT id FROM mail_tokens WHERE user_id = $1', [ann.id]);
      const erased = await idle.admin.api.delete(`/users/${ann.id}`);
      const tokens = idle.test.app.get(MailTokensService, { strict: false });
      const issued = await tokens.issue(token.id, 'reset_password');
      await idle.close();
      expect(waiting.filter(({ text }) => text.includes('reset_password'))).toHaveLength(1);
      expect(waiting.filter(({ text }) => text.includes('@'))).toEqual([]);
      expect([erased.status, issued]).toEqual([204, null]);
    });

    it('is mailed three times an hour, and asked for in vain after that', async () => {
      const limited = await Shop.open({ settings: { ...server.settings, RATE_LIMIT: 'on' } });
      const ann = await limited.customer();
      for (let n = 0; n < 5; n++)
        expect((await limited.api.post('/auth/forgot-password', { email: ann.email })).status).toBe(202);
      const sql = `SELECT FROM mail_tokens WHERE user_id = $1 AND purpose = 'reset_password'`;
      const tokens = await limited.query(sql, [ann.id]);
      await limited.close();
      expect(tokens).toHaveLength(3);
    });

    it('keeps no token in clear', async () => {
      const ann = await shop.customer();
      await shop.api.post('/auth/forgot-password', { email: ann.email });
      const token = await server.token(ann.email, RESET);
      const rows = await shop.query(`SELECT t::text AS text FROM mail_tokens t WHERE user_id = $1`, [ann.id]);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.filter(({ text }) => text.includes(token) || text.includes(ann.email))).toEqual([]);
    });
  });

  describe('verifying an e-mail', () => {
    it('works once with the token that registration mailed', async () => {
      const ann = await shop.customer();
      const token = await server.token(ann.email, VERIFY);
      expect((await ann.api.get('/auth/me')).body.emailVerified).toBe(false);
      expect((await shop.api.post('/auth/verify-email', { token })).status).toBe(204);
      expect((await ann.api.get('/auth/me')).body.emailVerified).toBe(true);
      const again = await shop.api.post('/auth/verify-email', { token });
      expect([again.status, again.body.code]).toEqual([422, 'invalid_token']);
    });

    it('mails again on request, and not once it is verified', async () => {
      const ann = await shop.customer();
      await server.token(ann.email, VERIFY);
      expect((await ann.api.post('/auth/resend-verification')).status).toBe(202);
      await shop.api.post('/auth/verify-email', { token: await server.token(ann.email, VERIFY, 2) });
      expect((await ann.api.post('/auth/resend-verification')).status).toBe(202);
      expect(await shop.query('SELECT FROM mail_tokens WHERE user_id = $1', [ann.id])).toHaveLength(2);
    });

    it('does not take a token for a password', async () => {
      const ann = await shop.customer();
      const token = await server.token(ann.email, VERIFY);
      const { status } = await shop.api.post('/auth/reset-password', { token, newPassword: NEW_PASSWORD });
      expect(status).toBe(422);
    });
  });

  it('hashes a password again at sign-in when the cost has changed, and refuses no sign-in for that', async () => {
    const ann = await shop.customer();
    const [{ cheap }] = await shop.query('SELECT password_hash AS cheap FROM users WHERE id = $1', [ann.id]);
    expect(cheap).toMatch(/^\$2b\$04\$/);
    const stronger = await Shop.open({ databaseUrl: shop.test.databaseUrl, settings: { BCRYPT_COST: '5' } });
    const signIn = (): Promise<{ status: number }> =>
      stronger.api.post('/auth/login', { email: ann.email, password: PASSWORD });
    const answers = await Promise.all(Array.from({ length: 5 }, signIn));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    await signIn();
    const [{ renewed }] = await shop.query('SELECT password_hash AS renewed FROM users WHERE id = $1', [
      ann.id,
    ]);
    await stronger.close();
    expect(renewed).toMatch(/^\$2b\$05\$/);
    expect((await login(ann, PASSWORD)).status).toBe(200);
  });
});
