import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** One product in a cart, and its quantity. */
@Entity('cart_items')
@Index('ix_cart_items_product_id', ['productId'])
@Check('ck_cart_items_quantity', 'quantity BETWEEN 1 AND 999')
export class CartItem {
  @ForeignKey('Cart', { onDelete: 'CASCADE' })
  @PrimaryColumn('uuid')
  cartId: string;

  @ForeignKey('Product')
  @PrimaryColumn('uuid')
  productId: string;

  @Column('integer')
  quantity: number;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  createdAt: Date;
}
