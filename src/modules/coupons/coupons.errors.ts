import { violatedUnique } from '../../common/database/database-errors';
import { DomainError } from '../../common/errors/domain-error';

/** Broken constraints as the domain says them; anything else as it came. */
export function translateCouponError(error: unknown): unknown {
  return violatedUnique(error) === 'uq_coupons_code'
    ? new DomainError('code_taken', 'This code is taken.')
    : error;
}

export function couponNotFound(): DomainError {
  return new DomainError('coupon_not_found', 'There is no coupon with this code.');
}

export function couponExhausted(): DomainError {
  return new DomainError('coupon_exhausted', 'This coupon has been used as often as it may.');
}
