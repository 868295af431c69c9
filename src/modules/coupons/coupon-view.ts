import { versionTag } from '../../common/http/etag';
import { toMajorOrNull } from '../../common/money/money';
import type { CouponResponse } from './dto/coupon.response';
import type { Coupon } from './entities/coupon.entity';

/** What the API shows of a coupon. */
export function toCouponResponse(coupon: Coupon): CouponResponse {
  const { currency, discountBasisPoints } = coupon;
  return {
    id: coupon.id,
    code: coupon.code,
    description: coupon.description,
    discountPercent: discountBasisPoints === null ? null : discountBasisPoints / 100,
    discountAmount: toMajorOrNull(coupon.discountAmountMinor, currency),
    currency,
    minPurchase: toMajorOrNull(coupon.minPurchaseMinor, currency),
    maxDiscount: toMajorOrNull(coupon.maxDiscountMinor, currency),
    validFrom: coupon.validFrom?.toISOString() ?? null,
    validUntil: coupon.validUntil?.toISOString() ?? null,
    usageLimit: coupon.usageLimit,
    usageLimitPerUser: coupon.usageLimitPerUser,
    usageCount: coupon.usageCount,
    isActive: coupon.isActive,
    version: coupon.version,
    createdAt: coupon.createdAt.toISOString(),
    updatedAt: coupon.updatedAt.toISOString(),
  };
}

/** The entity tag of a coupon: its version, and its use, which changes without it. */
export function couponTag({ version, usageCount }: { version: number; usageCount: number }): string {
  return versionTag(version, usageCount);
}
