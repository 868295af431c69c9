import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { MoneyColumn } from '../../../common/money/money.column';

/** A code that lowers the total of an order: by a share or by an amount, never both. */
@Entity('coupons')
@Index('uq_coupons_code', ['code'], { unique: true, where: 'deleted_at IS NULL' })
@Index('ix_coupons_created_at', ['createdAt', 'id'])
@Check('ck_coupons_code', `code ~ '^[A-Z0-9_-]{3,40}$'`)
@Check('ck_coupons_discount', 'num_nonnulls(discount_basis_points, discount_amount_minor) = 1')
@Check('ck_coupons_basis_points', 'discount_basis_points BETWEEN 1 AND 10000')
@Check(
  'ck_coupons_amounts',
  'discount_amount_minor > 0 AND min_purchase_minor >= 0 AND max_discount_minor >= 0',
)
@Check('ck_coupons_validity', 'valid_from < valid_until')
@Check('ck_coupons_limits', 'usage_limit >= 1 AND usage_limit_per_user >= 1')
@Check('ck_coupons_usage_count', 'usage_count >= 0 AND usage_count <= usage_limit')
export class Coupon {
  @PrimaryColumn('uuid')
  id: string;

  /** Upper case. */
  @Column('text')
  code: string;

  @Column('text', { nullable: true })
  description: string | null;

  /** Hundredths of a percent: 1250 is 12.5 %. */
  @Column('integer', { nullable: true })
  discountBasisPoints: number | null;

  @MoneyColumn({ nullable: true })
  discountAmountMinor: number | null;

  /** The currency of its amounts: the store's when it was made. */
  @Column('text')
  currency: string;

  @MoneyColumn({ nullable: true })
  minPurchaseMinor: number | null;

  @MoneyColumn({ nullable: true })
  maxDiscountMinor: number | null;

  @Column('timestamptz', { nullable: true })
  validFrom: Date | null;

  /** The first instant at which it is no longer valid. */
  @Column('timestamptz', { nullable: true })
  validUntil: Date | null;

  @Column('integer', { nullable: true })
  usageLimit: number | null;

  @Column('integer', { nullable: true })
  usageLimitPerUser: number | null;

  /** Redemptions that are not cancelled. */
  @Column('integer', { default: 0 })
  usageCount: number;

  @Column('boolean', { default: true })
  isActive: boolean;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updatedAt: Date;

  @Column('timestamptz', { nullable: true })
  deletedAt: Date | null;
}
