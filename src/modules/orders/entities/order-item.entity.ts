import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { MoneyColumn } from '../../../common/money/money.column';

/** One product of an order, as it was when it was bought: later edits of the product do not touch it. */
@Entity('order_items')
@Unique('uq_order_items_product', ['orderId', 'productId'])
@Index('ix_order_items_product_id', ['productId'])
@Check('ck_order_items_quantity', 'quantity >= 1')
@Check(
  'ck_order_items_line_total',
  'line_total_minor = unit_price_minor * quantity AND unit_price_minor >= 0',
)
export class OrderItem {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Order')
  @Column('uuid')
  orderId: string;

  @ForeignKey('Product')
  @Column('uuid')
  productId: string;

  /** The order in which the items were put into the cart, from 0. */
  @Column('integer')
  position: number;

  @Column('text', { nullable: true })
  sku: string | null;

  @Column('text')
  name: string;

  @Column('text', { nullable: true })
  imageUrl: string | null;

  @MoneyColumn()
  unitPriceMinor: number;

  @Column('integer')
  quantity: number;

  @MoneyColumn()
  lineTotalMinor: number;
}
