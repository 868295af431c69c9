import { hashOfSecret, isSecret, newSecret } from './secrets';

describe('a token that nobody can guess', () => {
  it('is new each time, and has the form of one', () => {
    const secrets = Array.from({ length: 100 }, newSecret);
    expect(new Set(secrets).size).toBe(100);
    expect(secrets.every(isSecret)).toBe(true);
  });

  it('is stored as a hash that holds nothing of it', () => {
    const secret = newSecret();
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
    expect(isSecret(value)).toBe(false);
  });
});
