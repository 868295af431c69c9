import fc from 'fast-check';
import { DomainError } from '../../common/errors/domain-error';
import { MAX_SUM_MINOR } from '../../common/money/money';
import { type CouponTerms, discountFor } from './coupon-discount';

const NOW = new Date('2026-06-01T12:00:00.000Z');
const JUST_BEFORE = new Date(NOW.getTime() - 1);
const JUST_AFTER = new Date(NOW.getTime() + 1);

function terms(fields: Partial<CouponTerms> = {}): CouponTerms {
  return {
    currency: 'USD',
    isActive: true,
    validFrom: null,
    validUntil: null,
    discountBasisPoints: null,
    discountAmountMinor: null,
    minPurchaseMinor: null,
    maxDiscountMinor: null,
    ...fields,
  };
}

const percent = (value: number, fields: Partial<CouponTerms> = {}): CouponTerms =>
  terms({ discountBasisPoints: value * 100, ...fields });
const amount = (minor: number, fields: Partial<CouponTerms> = {}): CouponTerms =>
  terms({ discountAmountMinor: minor, ...fields });

function refusal(coupon: CouponTerms, subtotalMinor = 1000, currency = 'USD'): string {
  try {
    return `no refusal: ${discountFor(coupon, subtotalMinor, currency, NOW)}`;
  } catch (error) {
    return error instanceof DomainError ? error.code : String(error);
  }
}

describe('the discount of a coupon', () => {
  it.each([
    [10, 1000, 100],
    [10, 1004, 100],
    [10, 1005, 101],
    [10, 1006, 101],
    [50, 1, 1],
    [0.01, 4_999, 0],
    [0.01, 5_000, 1],
    [12.5, 3331, 416],
    [33.33, 100, 33],
    [100, 1999, 1999],
    [10, 0, 0],
    [99.99, 9_999_999_999, 9_998_999_999],
  ])('of %d %% on %d minor units is %d, rounded half up', (value, subtotal, expected) => {
    expect(discountFor(percent(value), subtotal, 'USD', NOW)).toBe(expected);
  });

  it('is the nearest minor unit to the exact share, within the cap and the subtotal, whatever they are', () => {
    const minor = fc.integer({ min: 0, max: MAX_SUM_MINOR });
    const basisPoints = fc.integer({ min: 1, max: 10_000 });
    fc.assert(
      fc.property(basisPoints, minor, fc.option(minor), (discountBasisPoints, subtotal, maxDiscountMinor) => {
        const discount = discountFor(terms({ discountBasisPoints, maxDiscountMinor }), subtotal, 'USD', NOW);
        const error = BigInt(discount) * 10_000n - BigInt(subtotal) * BigInt(discountBasisPoints);
        const isCapped = discount === maxDiscountMinor;
        expect(error <= 5_000n && (isCapped || error > -5_000n)).toBe(true);
        expect(discount).toBeLessThanOrEqual(Math.min(subtotal, maxDiscountMinor ?? subtotal));
      }),
    );
  });

  it('is the amount, but no more than the subtotal', () => {
    expect(discountFor(amount(500), 501, 'USD', NOW)).toBe(500);
    expect(discountFor(amount(500), 500, 'USD', NOW)).toBe(500);
    expect(discountFor(amount(500), 499, 'USD', NOW)).toBe(499);
    expect(discountFor(amount(500), 0, 'USD', NOW)).toBe(0);
  });

  it('is at most the cap', () => {
    expect(discountFor(percent(50, { maxDiscountMinor: 300 }), 600, 'USD', NOW)).toBe(300);
    expect(discountFor(percent(50, { maxDiscountMinor: 300 }), 602, 'USD', NOW)).toBe(300);
    expect(discountFor(percent(50, { maxDiscountMinor: 300 }), 598, 'USD', NOW)).toBe(299);
    expect(discountFor(amount(500, { maxDiscountMinor: 200 }), 1000, 'USD', NOW)).toBe(200);
  });

  it('asks for the least purchase', () => {
    expect(refusal(percent(10, { minPurchaseMinor: 1001 }))).toBe('coupon_min_purchase');
    expect(discountFor(percent(10, { minPurchaseMinor: 1000 }), 1000, 'USD', NOW)).toBe(100);
  });

  it('begins at validFrom and ends just before validUntil', () => {
    expect(discountFor(percent(10, { validFrom: NOW, validUntil: JUST_AFTER }), 1000, 'USD', NOW)).toBe(100);
    expect(refusal(percent(10, { validFrom: JUST_AFTER }))).toBe('coupon_not_started');
    expect(refusal(percent(10, { validUntil: NOW }))).toBe('coupon_expired');
    expect(refusal(percent(10, { validUntil: JUST_BEFORE }))).toBe('coupon_expired');
  });

  it('is not given while the coupon is switched off, whatever else is wrong', () => {
    expect(refusal(percent(10, { isActive: false, validUntil: JUST_BEFORE }))).toBe('coupon_inactive');
  });

  it('is in the coupon’s currency when it has amounts, and in any as a mere percentage', () => {
    for (const coupon of [
      amount(100),
      percent(10, { minPurchaseMinor: 0 }),
      percent(10, { maxDiscountMinor: 5 }),
    ]) {
      expect(refusal(coupon, 1000, 'EUR')).toBe('coupon_currency');
    }
    expect(discountFor(percent(10), 1005, 'JPY', NOW)).toBe(101);
  });
});
