import { retryAfterSeconds } from './retry-after';

const NOW = new Date('2026-11-06T08:49:00.500Z');

describe('the time for which a receiver asks to be left alone', () => {
  it.each([
    [429, '120', 120],
    [503, '0', 0],
    [503, 'Fri, 06 Nov 2026 08:50:00 GMT', 60],
    [429, 'Friday, 06-Nov-26 08:51:00 GMT', 120],
    [503, 'Fri, 06 Nov 2026 08:00:00 GMT', 0],
  ])('is, of a %i that says %p, %i seconds', (status, header, seconds) => {
    expect(retryAfterSeconds(status, header, NOW)).toBe(seconds);
  });

  it.each([
    [503, undefined],
    [503, ''],
    [503, '-5'],
    [503, '1.5'],
    [503, '2026-11-06T09:00:00Z'],
    [503, 'Soon, 99 Foo 2026 GMT'],
    [500, '120'],
    [301, '120'],
  ])('is not known of a %i that says %p', (status, header) => {
    expect(retryAfterSeconds(status, header, NOW)).toBeNull();
  });
});
