import { type Env, parseEnv } from '../../config/env';
import { newWebhookSecret, openSecret, sealSecret, signatureOf } from './webhook-secrets';

const [OLD, NEW, OTHER] = ['k9Zr2vQmXw7TbN4pLs8HdJf3oP', 'Qm7TbN4pLs8Hk9Zr2vXwdJf3oP', 'X'].map((text) =>
  text.padEnd(32, 'aBc'),
) as [string, string, string];
const env = (settings: Record<string, string>): Env => parseEnv({ NODE_ENV: 'test', ...settings });

describe('the secret of a webhook', () => {
  it('signs as the example of Standard Webhooks does', () => {
    const message = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: 1_614_265_330,
      body: '{"test": 2432232314}',
    };
    const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    expect(signatureOf(message, [secret])).toBe(signature);
    expect(signatureOf(message, [newWebhookSecret(), secret])).toMatch(/^v1,\S{44} v1,g0hM9SsE\S{36}$/);
  });

  it('opens again in its own row alone', () => {
    const [secret, settings] = [newWebhookSecret(), env({ WEBHOOKS_SECRET: OLD })];
    const sealed = sealSecret(secret, 'one', settings);
    expect(sealed).not.toContain(secret);
    expect(openSecret(sealed, 'one', settings)).toBe(secret);
    expect(() => openSecret(sealed, 'two', settings)).toThrow(/cannot be opened/);
  });

  it.each([
    ['the JWT_SECRET that became WEBHOOKS_SECRET', { WEBHOOKS_SECRET: OLD, JWT_SECRET: NEW }],
    ['the JWT_SECRET beside a new WEBHOOKS_SECRET', { WEBHOOKS_SECRET: NEW, JWT_SECRET: OLD }],
    ['the JWT_SECRET of before', { JWT_SECRET: NEW, JWT_SECRET_PREVIOUS: OLD }],
  ])('opens with %s', (_, settings) => {
    const secret = newWebhookSecret();
    const sealed = sealSecret(secret, 'one', env({ JWT_SECRET: OLD }));
    expect(openSecret(sealed, 'one', env(settings))).toBe(secret);
    expect(() => openSecret(sealed, 'one', env({ JWT_SECRET: OTHER }))).toThrow(/cannot be opened/);
  });
});
