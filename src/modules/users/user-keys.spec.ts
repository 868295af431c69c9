import { emailKey, usernameKey } from './user-keys';

describe('what e-mails are compared by', () => {
  it.each([
    ['Ann@Example.COM', 'ann@example.com'],
    ['  ann@example.com ', 'ann@example.com'],
    ['\u212aim@example.com', 'kim@example.com'],
    ['ｋｉｍ@example.com', 'kim@example.com'],
    ['ﬁnn@example.com', 'finn@example.com'],
    ['e\u0301va@example.com', '\u00e9va@example.com'],
    ['STRASSE@example.com', 'strasse@example.com'],
  ])('is one and the same for %s and %s', (email, other) => {
    expect(emailKey(email)).toBe(emailKey(other));
  });

  it.each([
    ['ann@example.com', 'ann+shop@example.com'],
    ['ann@example.com', 'a.nn@example.com'],
    ['éva@example.com', 'eva@example.com'],
  ])('is not the same for %s and %s', (email, other) => {
    expect(emailKey(email)).not.toBe(emailKey(other));
  });

  it('is the same for what it gives itself', () => {
    for (const email of ['İ@example.com', 'ſ@example.com', 'Ω@example.com', 'ẞ@example.com'])
      expect(emailKey(emailKey(email))).toBe(emailKey(email));
  });
});

describe('what usernames are compared by', () => {
  it('is their letters without case', () => {
    expect(usernameKey('Ann_1')).toBe(usernameKey('aNN_1'));
    expect(usernameKey('ann.1')).not.toBe(usernameKey('ann_1'));
  });
});
