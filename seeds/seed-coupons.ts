import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Coupon } from '../src/modules/coupons/entities/coupon.entity';
import { SEED_COUPONS, type SeedCoupon } from './content/coupons';

/** Makes the coupons whose code is missing. Returns how many. */
export async function seedCoupons(currency: string, createdAt: Date, tx: EntityManager): Promise<number> {
  const values = SEED_COUPONS.map((coupon) => toRow(coupon, currency, createdAt));
  const { raw } = await tx
    .createQueryBuilder()
    .insert()
    .into(Coupon)
    .values(values)
    .orIgnore()
    .returning('id')
    .execute();
  return (raw as unknown[]).length;
}

function toRow(
  { discountPercent, validFrom, validUntil, ...coupon }: SeedCoupon,
  currency: string,
  createdAt: Date,
) {
  return {
    ...coupon,
    id: uuidv7(),
    currency,
    discountBasisPoints: discountPercent === null ? null : discountPercent * 100,
    validFrom: validFrom === null ? null : new Date(validFrom),
    validUntil: validUntil === null ? null : new Date(validUntil),
    createdAt,
    updatedAt: createdAt,
  };
}
