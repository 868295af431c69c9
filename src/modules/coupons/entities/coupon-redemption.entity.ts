import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { MoneyColumn } from '../../../common/money/money.column';

/** The proof that an order used a coupon. Cancelling the order gives the use back and keeps the row. */
@Entity('coupon_redemptions')
@Unique('uq_coupon_redemptions_order_id', ['orderId'])
@Index('uq_coupon_redemptions_use', ['couponId', 'userId', 'useNumber'], {
  unique: true,
  where: 'cancelled_at IS NULL',
})
@Index('ix_coupon_redemptions_coupon_id', ['couponId', 'redeemedAt', 'id'])
@Index('ix_coupon_redemptions_user_id', ['userId'])
@Check('ck_coupon_redemptions_amount', 'amount_minor >= 0')
@Check('ck_coupon_redemptions_use_number', 'use_number >= 1')
export class CouponRedemption {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Coupon')
  @Column('uuid')
  couponId: string;

  @ForeignKey('User')
  @Column('uuid')
  userId: string;

  @ForeignKey('Order')
  @Column('uuid')
  orderId: string;

  /** Which of the user's live uses this is: 1, 2, … up to the limit per user. */
  @Column('integer')
  useNumber: number;

  @MoneyColumn()
  amountMinor: number;

  @Column('text')
  currency: string;

  @Column('timestamptz', { default: () => 'now()' })
  redeemedAt: Date;

  @Column('timestamptz', { nullable: true })
  cancelledAt: Date | null;
}
