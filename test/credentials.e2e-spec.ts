import { type Mail, Mailer } from '../src/common/mail/mailer';
import { PasswordsService } from '../src/modules/users/passwords.service';
import { eventually } from './support/app';
import { PASSWORD, type Person, Shop } from './support/shop';

const NEW_PASSWORD = 'another horse 43';

/** Keeps the mails in the place of sending them. */
class MailBox {
  readonly mails: Mail[] = [];

  async send(mail: Mail): Promise<void> {
    this.mails.push(mail);
  }

  /** The token of the newest mail of this kind to this person, once it is there. */
  async token(kind: Mail['kind'], to: string): Promise<string> {
    await eventually(() => this.find(kind, to).length > 0);
    return (
      this.find(kind, to)
        .at(-1)
        ?.text.match(/^[\w-]{43}$/m)?.[0] ?? ''
    );
  }

  find(kind: Mail['kind'], to: string): Mail[] {
    return this.mails.filter((mail) => mail.kind === kind && mail.to === to);
  }
}

describe('passwords and e-mails', () => {
  let shop: Shop;
  const box = new MailBox();

  beforeAll(async () => {
    shop = await Shop.open();
    Object.assign(shop.test.app.get(Mailer), { send: (mail: Mail) => box.send(mail) });
  });

  afterAll(() => shop.close());

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

  describe('a forgotten password', () => {
    it('is set anew with the mailed token, once, and ends every session', async () => {
      const ann = await shop.customer();
      expect((await shop.api.post('/auth/forgot-password', { email: ann.email })).status).toBe(202);
      const token = await box.token('reset_password', ann.email);

      const reset = await shop.api.post('/auth/reset-password', { token, newPassword: NEW_PASSWORD });
      expect(reset.status).toBe(204);
      expect((await ann.api.get('/auth/me')).status).toBe(401);
      expect((await login(ann, NEW_PASSWORD)).status).toBe(200);
      const again = await shop.api.post('/auth/reset-password', { token, newPassword: PASSWORD });
      expect([again.status, again.body.code]).toEqual([422, 'invalid_token']);
    });

    it('is answered alike for an unknown e-mail, and mails nobody', async () => {
      const before = box.mails.length;
      const { status, body } = await shop.api.post('/auth/forgot-password', { email: 'nobody@example.com' });
      expect([status, body]).toEqual([202, '']);
      const ann = await shop.customer();
      await shop.api.post('/auth/forgot-password', { email: ann.email });
      await box.token('reset_password', ann.email);
      expect(box.mails.slice(before).map(({ to }) => to)).not.toContain('nobody@example.com');
    });

    it('is set by exactly one of ten parallel resets with one token', async () => {
      const ann = await shop.customer();
      await shop.api.post('/auth/forgot-password', { email: ann.email });
      const token = await box.token('reset_password', ann.email);
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
      const first = await box.token('reset_password', ann.email);
      await shop.api.post('/auth/forgot-password', { email: ann.email });
      await eventually(() => box.find('reset_password', ann.email).length === 2);
      const second = await box.token('reset_password', ann.email);
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
      const token = await box.token('reset_password', ann.email);
      await shop.query(sql, [ann.id]);
      const { status, body } = await shop.api.post('/auth/reset-password', {
        token,
        newPassword: NEW_PASSWORD,
      });
      expect([status, body.code]).toEqual([422, 'invalid_token']);
    });

    it('keeps no token in clear', async () => {
      const ann = await shop.customer();
      await shop.api.post('/auth/forgot-password', { email: ann.email });
      const token = await box.token('reset_password', ann.email);
      const rows = await shop.query('SELECT t::text AS text FROM mail_tokens t WHERE user_id = $1', [ann.id]);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.filter(({ text }) => text.includes(token) || text.includes(ann.email))).toEqual([]);
    });
  });

  describe('verifying an e-mail', () => {
    it('works once with the token that registration mailed', async () => {
      const ann = await shop.customer();
      const token = await box.token('verify_email', ann.email);
      expect((await ann.api.get('/auth/me')).body.emailVerified).toBe(false);
      expect((await shop.api.post('/auth/verify-email', { token })).status).toBe(204);
      expect((await ann.api.get('/auth/me')).body.emailVerified).toBe(true);
      const again = await shop.api.post('/auth/verify-email', { token });
      expect([again.status, again.body.code]).toEqual([422, 'invalid_token']);
    });

    it('mails again on request, and not once it is verified', async () => {
      const ann = await shop.customer();
      await box.token('verify_email', ann.email);
      expect((await ann.api.post('/auth/resend-verification')).status).toBe(202);
      await eventually(() => box.find('verify_email', ann.email).length === 2);
      await shop.api.post('/auth/verify-email', { token: await box.token('verify_email', ann.email) });
      expect((await ann.api.post('/auth/resend-verification')).status).toBe(202);
      expect(box.find('verify_email', ann.email)).toHaveLength(2);
    });

    it('does not take a token for a password', async () => {
      const ann = await shop.customer();
      const token = await box.token('verify_email', ann.email);
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
