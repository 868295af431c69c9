import { Check, Column, Entity, ForeignKey, Generated, Index, PrimaryColumn, Unique } from 'typeorm';

export const MOVEMENT_KINDS = ['initial', 'adjustment', 'edit', 'import', 'order', 'cancellation'] as const;

/** What caused a change of stock. */
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

/** One row of the stock ledger: every change of a product's stock, whatever its cause. Rows are never changed. */
@Entity('stock_movements')
@Unique('uq_stock_movements_seq', ['seq'])
@Unique('uq_stock_movements_order', ['orderId', 'productId', 'kind'])
@Index('ix_stock_movements_product_id', ['productId', 'seq'])
@Check('ck_stock_movements_delta', 'delta <> 0')
@Check('ck_stock_movements_stock', 'stock >= 0')
@Check(
  'ck_stock_movements_kind',
  `kind IN ('initial', 'adjustment', 'edit', 'import', 'order', 'cancellation')`,
)
@Check('ck_stock_movements_order', `(kind IN ('order', 'cancellation')) = (order_id IS NOT NULL)`)
export class StockMovement {
  @PrimaryColumn('uuid')
  id: string;

  /** The order in which the movements were written. */
  @Generated('increment')
  @Column('bigint')
  seq: string;

  @ForeignKey('Product')
  @Column('uuid')
  productId: string;

  @Column('integer')
  delta: number;

  @Column('text')
  kind: MovementKind;

  @Column('text')
  reason: string;

  /** The product's stock after the movement. */
  @Column('integer')
  stock: number;

  /** The order that took the stock or gave it back. */
  @ForeignKey('Order')
  @Column('uuid', { nullable: true })
  orderId: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;
}
