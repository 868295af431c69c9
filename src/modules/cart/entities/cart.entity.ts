import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** What a user means to buy: one cart a user, emptied by the order. */
@Entity('carts')
@Unique('uq_carts_user_id', ['userId'])
@Index('ix_carts_coupon_id', ['couponId'])
export class Cart {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('User')
  @Column('uuid')
  userId: string;

  /** The currency of its items; null while it is empty. */
  @Column('text', { nullable: true })
  currency: string | null;

  @ForeignKey('Coupon')
  @Column('uuid', { nullable: true })
  couponId: string | null;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updatedAt: Date;
}
