import { Check, Column, Entity, ForeignKey, Generated, Index, PrimaryColumn, Unique } from 'typeorm';

/** One step in an order's life: of its status or of its payment. Rows are never changed. */
@Entity('order_events')
@Unique('uq_order_events_seq', ['seq'])
@Index('ix_order_events_order_id', ['orderId', 'seq'])
@Check('ck_order_events_kind', `kind IN ('status', 'payment')`)
export class OrderEvent {
  @PrimaryColumn('uuid')
  id: string;

  /** The order in which the events were written. */
  @Generated('increment')
  @Column('bigint')
  seq: string;

  @ForeignKey('Order')
  @Column('uuid')
  orderId: string;

  @Column('text')
  kind: 'status' | 'payment';

  /** Null for placing the order. */
  @Column('text', { nullable: true })
  fromStatus: string | null;

  @Column('text')
  toStatus: string;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  at: Date;

  /** Who did it; null for the system. */
  @ForeignKey('User')
  @Column('uuid', { nullable: true })
  byUserId: string | null;

  @Column('text', { nullable: true })
  note: string | null;
}
