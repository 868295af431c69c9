import { DomainError } from '../errors/domain-error';
import { isCurrency } from './currency';
import { fromBigint } from './money.column';
import {
  cappedSumMinor,
  lineTotal,
  MAX_AMOUNT,
  MAX_SUM_MINOR,
  shareOf,
  sumMinor,
  toMajor,
  toMinor,
  toMinorOrNull,
} from './money';

describe('an amount', () => {
  it.each([
    [0, 'USD', 0],
    [19.99, 'USD', 1999],
    [0.1, 'USD', 10],
    [1.1, 'EUR', 110],
    [4.35, 'USD', 435],
    [1.005, 'KWD', 1005],
    [8.2, 'KWD', 8200],
    [1200, 'JPY', 1200],
    [MAX_AMOUNT, 'USD', 9_999_999_999],
    [99_999_999.999, 'KWD', 99_999_999_999],
  ])('of %d %s is exactly %d minor units, and back', (major, currency, minor) => {
    expect(toMinor(major, currency, 'price')).toBe(minor);
    expect(toMajor(minor, currency)).toBe(major);
  });

  it('is exact for every cent up to a hundred, where floats are not', () => {
    for (let cents = 0; cents <= 10_000; cents++) {
      const text = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
      expect(toMinor(Number(text), 'USD', 'price')).toBe(cents);
    }
  });

  it.each([
    [1.999, 'USD'],
    [0.001, 'USD'],
    [12.5, 'JPY'],
    [1.0001, 'KWD'],
    [1e-7, 'USD'],
    [-1, 'USD'],
    [Number.NaN, 'USD'],
    [Number.POSITIVE_INFINITY, 'USD'],
    [1e21, 'USD'],
  ])('of %d %s is refused, and names its field', (major, currency) => {
    expect(() => toMinor(major, currency, 'items[0].price')).toThrow(
      expect.objectContaining({
        code: 'validation_failed',
        errors: [expect.objectContaining({ field: 'items[0].price' })],
      }),
    );
  });

  it('that is missing stays missing', () => {
    expect(toMinorOrNull(null, 'USD', 'price')).toBeNull();
    expect(toMinorOrNull(undefined, 'USD', 'price')).toBeUndefined();
    expect(toMinorOrNull(0, 'USD', 'price')).toBe(0);
  });
});

describe('a share of an amount', () => {
  it.each([
    [1000, 1000, 100],
    [5, 1000, 1],
    [4, 1000, 0],
    [1999, 1250, 250],
    [333, 5000, 167],
    [1, 5000, 1],
    [1, 4999, 0],
    [999, 10_000, 999],
    [999, 0, 0],
    [9_007_199_254_740_991, 10_000, 9_007_199_254_740_991],
    [9_007_199_254_740_991, 1, 900_719_925_474],
  ])('of %d at %d basis points is %d, rounded half up', (minor, basisPoints, share) => {
    expect(shareOf(minor, basisPoints)).toBe(share);
  });
});

describe('sums', () => {
  it('are exact', () => {
    expect(lineTotal(1999, 3)).toBe(5997);
    expect(sumMinor([1999, 1, 0])).toBe(2000);
    expect(sumMinor([])).toBe(0);
  });

  it('are refused rather than rounded', () => {
    expect(lineTotal(333_333_333_333_333, 3)).toBe(MAX_SUM_MINOR);
    expect(sumMinor([MAX_SUM_MINOR - 1, 1])).toBe(MAX_SUM_MINOR);
    expect(() => lineTotal(500_000_000_000_000, 2)).toThrow(DomainError);
    expect(() => sumMinor([MAX_SUM_MINOR, 1])).toThrow(DomainError);
    expect(() => fromBigint('9007199254740993')).toThrow(RangeError);
    expect(fromBigint('9007199254740991')).toBe(9_007_199_254_740_991);
  });
});

describe('the largest sum', () => {
  it.each(['JPY', 'USD', 'KWD', 'CLF'])(
    'and its neighbours are different numbers in %s, and come back',
    (currency) => {
      for (let minor = MAX_SUM_MINOR - 1000; minor <= MAX_SUM_MINOR; minor++) {
        expect(toMinor(toMajor(minor, currency), currency, 'total')).toBe(minor);
      }
    },
  );

  it('is what a larger one is shown as where nothing may be refused', () => {
    expect(cappedSumMinor([MAX_SUM_MINOR, MAX_SUM_MINOR])).toBe(MAX_SUM_MINOR);
    expect(cappedSumMinor([1, 2])).toBe(3);
  });
});

describe('a currency', () => {
  it.each(['USD', 'EUR', 'JPY', 'KWD', 'XAF', 'XOF', 'XPF', 'XCD'])('is %s', (code) => {
    expect(isCurrency(code)).toBe(true);
  });

  it.each(['usd', 'US', 'USDX', 'ZZZ', 'XXX', 'XAU', 'XTS', '', 'US$'])('is not "%s"', (code) => {
    expect(isCurrency(code)).toBe(false);
  });
});
