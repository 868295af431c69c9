import { formatInstant, formatMoney, formatNumber } from './formats';

/** With plain spaces in the place of those that do not break. */
function plain(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, ' ');
}

describe('an amount for people to read', () => {
  it.each([
    [1999, 'USD', 'en-US', '$19.99'],
    [123_456_789, 'EUR', 'de', '1.234.567,89 €'],
    [1200, 'JPY', 'ja', '￥1,200'],
    [1200, 'JPY', 'en', '¥1,200'],
    [1005, 'KWD', 'en', 'KWD 1.005'],
    [-500, 'USD', 'en', '-$5.00'],
    [0, 'EUR', 'fr', '0,00 €'],
    // ISO 4217 has two digits, whatever is customary.
    [150, 'HUF', 'hu', '1,50 Ft'],
    [9_007_199_254_740_991, 'USD', 'en', '$90,071,992,547,409.91'],
  ])('of %d %s is written in %s as %s', (minor, currency, locale, text) => {
    expect(plain(formatMoney(minor, currency, locale))).toBe(text);
  });
});

describe('an instant for people to read', () => {
  it.each([
    ['en', 'November 20, 2026 at 9:30 AM UTC'],
    ['en-GB', '20 November 2026 at 09:30 UTC'],
    ['de', '20. November 2026 um 09:30 UTC'],
    ['ja', '2026年11月20日 9:30 UTC'],
  ])('is written in %s as %s', (locale, text) => {
    expect(plain(formatInstant('2026-11-20T09:30:00.000Z', locale))).toBe(text);
  });
});

describe('a number for people to read', () => {
  it.each([
    ['en', '1,234'],
    ['de', '1.234'],
    ['ar-EG', '١٬٢٣٤'],
  ])('is written in %s as %s', (locale, text) => {
    expect(formatNumber(1234, locale)).toBe(text);
  });
});
