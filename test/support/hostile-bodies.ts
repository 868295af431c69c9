const keys = (count: number, name: (index: number) => string): string =>
  `{${Array.from({ length: count }, (_, index) => `"${name(index)}":0`).join(',')}}`;

/** Bodies that must break nothing, and the answer that whoever may call the route gets. */
export const HOSTILE_BODIES: Record<string, [string | Uint8Array, number, string]> = {
  'nested 5,000 levels deep': [`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`, 400, 'malformed_request'],
  'with arrays nested 40,000 levels deep': [
    `{"a":${'['.repeat(40_000)}${']'.repeat(40_000)}}`,
    400,
    'malformed_request',
  ],
  'of nothing but 90,000 opening brackets': ['['.repeat(90_000), 400, 'malformed_json'],
  'with 9,000 keys': [keys(9_000, (index) => `k${index}`), 400, 'malformed_request'],
  'with 100,000 keys': [keys(100_000, (index) => `k${index}`), 413, 'body_too_large'],
  'with an array of 40,000 elements': [`{"a":[${'0,'.repeat(39_999)}0]}`, 400, 'malformed_request'],
  'with a NUL byte in a value': ['{"email":"a\\u0000b"}', 422, 'validation_failed'],
  'with a NUL byte in a key': ['{"a\\u0000b":1}', 422, 'validation_failed'],
  'with a high surrogate alone': ['{"email":"\\ud83d"}', 422, 'validation_failed'],
  'with a low surrogate alone': ['{"a":{"b":["\\ude00"]}}', 422, 'validation_failed'],
  'with a lone surrogate in a key': ['{"\\ud83d":1}', 422, 'validation_failed'],
  'that is not UTF-8': [Buffer.from('{"email":"\xe9"}', 'latin1'), 400, 'malformed_json'],
  'with a surrogate in the bytes of UTF-8': [
    Buffer.from('{"email":"\xed\xa0\x80"}', 'latin1'),
    400,
    'malformed_json',
  ],
  'of white space': ['  \n ', 400, 'malformed_json'],
  'that is null': ['null', 400, 'malformed_json'],
  'with a number past all bounds': ['{"items":1e999}', 422, 'validation_failed'],
  'of 100,001 bytes': [`{"a":"${'x'.repeat(100_001 - 8)}"}`, 413, 'body_too_large'],
};
