import { parseEnv } from '../../config/env';
import { Cursors } from './cursors';

const [OLD, NEW, THIRD] = ['o', 'n', 't'].map((letter) => `${letter}7#Kq`.repeat(10));

const cursorsWith = (secret = '', previous?: string): Cursors =>
  new Cursors({ ...parseEnv({ NODE_ENV: 'test' }), JWT_SECRET: secret, JWT_SECRET_PREVIOUS: previous });

describe('a cursor', () => {
  const cursors = cursorsWith(NEW);
  const place = ['2026-01-01 00:00:00.000001+00', 'Café \\ 日本 \'"', ''];

  it('gives back the place that it was written for, and fits into a URL as it is', () => {
    const cursor = cursors.write(place, 'users');
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(cursors.read(cursor, 'users')).toEqual(place);
  });

  it('is good for its own list only', () => {
    const cursor = cursors.write(place, 'users');
    for (const other of ['user', 'users ', '', 'users\n', 'coupons']) {
      expect(() => cursors.read(cursor, other)).toThrow(refusal());
    }
    // What is signed is list and place; where one ends and the other begins cannot be moved.
    const tricky = cursors.write(['x'], 'a\n["y"]');
    expect(() => cursors.read(tricky, 'a')).toThrow(refusal());
  });

  it.each([
    '',
    'x',
    'null',
    '[]',
    'AAAAAAAAAAAAAAAA',
    Buffer.from('123456789012["x"]').toString('base64url'),
  ])('cannot be made up: %p', (cursor) => {
    expect(() => cursors.read(cursor, 'users')).toThrow(refusal());
  });

  it('has one way to be written', () => {
    const cursor = cursors.write(['5'], 'users');
    expect(cursors.read(cursor, 'users')).toEqual(['5']);
    for (const other of [`${cursor}=`, `${cursor}!`, ` ${cursor}`, `${cursor}A`, cursor.slice(0, -1)]) {
      expect(() => cursors.read(other, 'users')).toThrow(refusal());
    }
  });

  it('outlives a change of the secret, once', () => {
    const cursor = cursorsWith(OLD).write(place, 'users');
    expect(cursorsWith(NEW, OLD).read(cursor, 'users')).toEqual(place);
    expect(() => cursorsWith(THIRD, NEW).read(cursor, 'users')).toThrow(refusal());
  });
});

function refusal(): Error {
  return expect.objectContaining({
    code: 'validation_failed',
    errors: [expect.objectContaining({ field: 'cursor', code: 'invalid_cursor' })],
  }) as Error;
}
