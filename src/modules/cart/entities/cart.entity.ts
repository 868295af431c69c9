import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** What somebody means to buy: one cart a user, emptied by the order, or one a guest, who has its token. */
@Entity('carts')
@Unique('uq_carts_user_id', ['userId'])
@Unique('uq_carts_token_hash', ['tokenHash'])
@Check('ck_carts_owner', '(user_id IS NULL) <> (token_hash IS NULL)')
@Index('ix_carts_coupon_id', ['couponId'])
@Index('ix_carts_guest_created_at', ['createdAt'], { where: 'token_hash IS NOT NULL' })
export class Cart {
  @PrimaryColumn('uuid')
  id: string;

  /** Null for a guest's. */
  @ForeignKey('User')
  @Column('uuid', { nullable: true })
  userId: string | null;

  /** SHA-256 of the token by which a guest has it; null for a user's. */
  @Column('bytea', { nullable: true })
  tokenHash: Buffer | null;

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
