import { assertHarmless, hasUnstorableText } from './hostile-input';

/** Objects inside objects, so many levels in all. */
const nested = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
const wide = (count: number): object =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]));

function refusalOf(body: unknown): string {
  try {
    assertHarmless(body);
    return 'none';
  } catch (error) {
    expect(error).toMatchObject({ code: expect.any(String) });
    const { code, errors } = error as { code: string; errors?: { field: string; code: string }[] };
    return [code, ...(errors ?? []).map((fault) => `${fault.field} ${fault.code}`)].join(': ');
  }
}

describe('a body', () => {
  it.each([
    ['nothing', {}],
    ['twenty levels', nested(20)],
    ['1,000 keys', wide(1_000)],
    ['an array of 999 elements', { a: Array.from({ length: 999 }, () => 1) }],
    ['every kind of value', { a: [null, true, 1.5, 'x', { b: [] }], ünï: '💡\u{10ffff}' }],
    ['an empty leaf below twenty levels', JSON.parse(`${'{"a":'.repeat(20)}{}${'}'.repeat(20)}`)],
  ])('of %s does no harm', (_, body) => {
    expect(refusalOf(body)).toBe('none');
  });

  it.each([
    ['21 levels', nested(21)],
    ['5,000 levels', nested(5_000)],
    ['1,001 keys', wide(1_001)],
    ['1,001 keys in all, on several levels', { a: wide(500), b: wide(499) }],
    ['an array of 1,001 elements', { a: Array.from({ length: 1_001 }, () => 1) }],
  ])('of %s is not read', (_, body) => {
    expect(refusalOf(body)).toBe('malformed_request');
  });

  it.each([
    ['a\0b', 'items[1].name invalid_text'],
    ['\ud83d', 'items[1].name invalid_text'],
    ['\ude00x', 'items[1].name invalid_text'],
  ])('with the text %j is refused by its path', (text, fault) => {
    expect(refusalOf({ items: [{ name: 'fine' }, { name: text }] })).toBe(`validation_failed: ${fault}`);
  });

  it('with such text as a key is refused without repeating it', () => {
    expect(refusalOf({ 'a\0\ud83db': 1 })).toBe('validation_failed: a\ufffdb invalid_text');
  });

  it.each(['__proto__', 'constructor', 'toString', 'valueOf'])(
    'with the inherited name %s for a key is refused',
    (name) => {
      expect(refusalOf(JSON.parse(`{"a":[{"${name}":{}}]}`))).toBe(
        `validation_failed: a[0].${name} unknown_property`,
      );
    },
  );
});

describe('text', () => {
  it.each(['', 'plain', '💡', '\u{10ffff}', '\ufffd', '\n'])('can be stored: %j', (text) => {
    expect(hasUnstorableText(text)).toBe(false);
  });

  it.each(['\0', 'a\0', '\ud83d', '\ude00\ud83d', 'x\udfff'])('cannot be stored: %j', (text) => {
    expect(hasUnstorableText(text)).toBe(true);
  });
});
