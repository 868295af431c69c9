import { hashOfSecret, isRefreshSecret, newRefreshSecret, nextRefreshSecret } from './refresh-secrets';

const SERVER_SECRET = 'k9Zr2vQmXw7TbN4pLs8HdJf3GyUcEa6R';

describe('a refresh token', () => {
  it('is new each time, and has the form of one', () => {
    const secrets = Array.from({ length: 100 }, newRefreshSecret);
    expect(new Set(secrets).size).toBe(100);
    expect(secrets.every(isRefreshSecret)).toBe(true);
  });

  it('has a next one that is the same each time and cannot be told without the secret of the server', () => {
    const secret = newRefreshSecret();
    const next = nextRefreshSecret(secret, SERVER_SECRET);
    expect(nextRefreshSecret(secret, SERVER_SECRET)).toBe(next);
    expect(isRefreshSecret(next)).toBe(true);
    expect(next).not.toBe(secret);
    expect(nextRefreshSecret(secret, `${SERVER_SECRET}x`)).not.toBe(next);
    expect(nextRefreshSecret(newRefreshSecret(), SERVER_SECRET)).not.toBe(next);
  });

  it('is stored as a hash that holds nothing of it', () => {
    const secret = newRefreshSecret();
    expect(hashOfSecret(secret)).toHaveLength(32);
    expect(hashOfSecret(secret)).toEqual(hashOfSecret(secret));
    expect(hashOfSecret(secret).includes(secret.slice(0, 8))).toBe(false);
  });

  it.each([
    undefined,
    '',
    'x'.repeat(42),
    'x'.repeat(44),
    `${'x'.repeat(42)}=`,
    `${'x'.repeat(42)}\n`,
    'a.b.c',
  ])('is not %j', (value) => {
    expect(isRefreshSecret(value)).toBe(false);
  });
});
