import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { StoredAddress } from '../../../common/address/address.dto';
import { MoneyColumn } from '../../../common/money/money.column';
import type { OrderStatus, PaymentStatus } from '../order-status';

export const PAYMENT_METHODS = ['credit_card', 'paypal', 'bank_transfer', 'cash_on_delivery'] as const;

export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

/** What was bought, for how much, and how far it has come. A deleted order keeps its row, for the books. */
@Entity('orders')
@Unique('uq_orders_number', ['number'])
@Unique('uq_orders_cart', ['cartId', 'cartVersion'])
@Index('ix_orders_created_at', ['createdAt', 'id'], { where: 'deleted_at IS NULL' })
@Index('ix_orders_user_id_created_at', ['userId', 'createdAt', 'id'])
@Index('ix_orders_status', ['status', 'createdAt', 'id'], { where: 'deleted_at IS NULL' })
@Index('ix_orders_coupon_id', ['couponId'])
@Check('ck_orders_number', `number ~ '^[A-Z0-9-]{4,24}$'`)
@Check('ck_orders_total', 'total_minor = subtotal_minor - discount_minor')
@Check('ck_orders_discount', 'discount_minor BETWEEN 0 AND subtotal_minor')
@Check('ck_orders_status', `status IN ('pending', 'processing', 'shipped', 'delivered', 'cancelled')`)
@Check('ck_orders_payment_status', `payment_status IN ('unpaid', 'paid', 'refunded')`)
@Check(
  'ck_orders_payment_method',
  `payment_method IN ('credit_card', 'paypal', 'bank_transfer', 'cash_on_delivery')`,
)
@Check('ck_orders_cart', '(cart_id IS NULL) = (cart_version IS NULL)')
export class Order {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  number: string;

  @ForeignKey('User')
  @Column('uuid')
  userId: string;

  @Column('text', { default: 'pending' })
  status: OrderStatus;

  @Column('text')
  paymentMethod: PaymentMethod;

  @Column('text', { default: 'unpaid' })
  paymentStatus: PaymentStatus;

  @Column('text')
  currency: string;

  @MoneyColumn()
  subtotalMinor: number;

  @MoneyColumn()
  discountMinor: number;

  @MoneyColumn()
  totalMinor: number;

  @ForeignKey('Coupon')
  @Column('uuid', { nullable: true })
  couponId: string | null;

  @Column('text', { nullable: true })
  couponCode: string | null;

  @Column('jsonb')
  shippingAddress: StoredAddress;

  @Column('jsonb')
  billingAddress: StoredAddress;

  @Column('text', { nullable: true })
  trackingNumber: string | null;

  @Column('text', { nullable: true })
  note: string | null;

  /** The customer's e-mail when they ordered. Null once the person is erased. */
  @Column('text', { nullable: true })
  customerEmail: string | null;

  /** The cart that became this order, and its version then: a cart as it stood is ordered once. */
  @Column('uuid', { nullable: true })
  cartId: string | null;

  @Column('integer', { nullable: true })
  cartVersion: number | null;

  /** The key under which the order was asked for. */
  @Column('text', { nullable: true })
  idempotencyKey: string | null;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updatedAt: Date;

  @Column('timestamptz', { nullable: true })
  deletedAt: Date | null;
}
