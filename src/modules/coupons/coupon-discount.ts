import { DomainError } from '../../common/errors/domain-error';
import { shareOf } from '../../common/money/money';

/** What decides whether a coupon applies, and for how much. Amounts are in minor units of `currency`. */
export interface CouponTerms {
  currency: string;
  isActive: boolean;
  validFrom: Date | null;
  validUntil: Date | null;
  discountBasisPoints: number | null;
  discountAmountMinor: number | null;
  minPurchaseMinor: number | null;
  maxDiscountMinor: number | null;
}

/**
 * The discount on a subtotal: a share is rounded half up to the minor unit, once; the cap and the subtotal
 * bound it.
 * @param now by the database's clock; validity is half-open: `validFrom` counts, `validUntil` does not
 * @returns minor units of `currency`
 * @throws DomainError `coupon_inactive`, `coupon_not_started`, `coupon_expired`, `coupon_currency`,
 * `coupon_min_purchase`
 */
export function discountFor(terms: CouponTerms, subtotalMinor: number, currency: string, now: Date): number {
  assertValid(terms, now);
  assertApplies(terms, subtotalMinor, currency);
  const { discountBasisPoints, discountAmountMinor, maxDiscountMinor } = terms;
  const full =
    discountBasisPoints === null ? (discountAmountMinor ?? 0) : shareOf(subtotalMinor, discountBasisPoints);
  return Math.min(full, maxDiscountMinor ?? full, subtotalMinor);
}

function assertValid({ isActive, validFrom, validUntil }: CouponTerms, now: Date): void {
  if (!isActive) throw new DomainError('coupon_inactive', 'This coupon is not active.');
  if (validFrom && now < validFrom)
    throw new DomainError('coupon_not_started', 'This coupon is not valid yet.');
  if (validUntil && now >= validUntil) throw new DomainError('coupon_expired', 'This coupon has expired.');
}

function assertApplies(terms: CouponTerms, subtotalMinor: number, currency: string): void {
  const { discountAmountMinor, minPurchaseMinor, maxDiscountMinor } = terms;
  const hasAmounts = [discountAmountMinor, minPurchaseMinor, maxDiscountMinor].some(
    (amount) => amount !== null,
  );
  if (hasAmounts && currency !== terms.currency) {
    throw new DomainError('coupon_currency', `This coupon is for purchases in ${terms.currency}.`);
  }
  if (subtotalMinor < (minPurchaseMinor ?? 0)) {
    throw new DomainError('coupon_min_purchase', 'The purchase is too small for this coupon.');
  }
}
