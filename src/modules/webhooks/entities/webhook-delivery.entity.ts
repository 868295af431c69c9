import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** `event`: as it happened, in its order. `redelivery`: once more, by hand. `test`: to try the address. */
export const DELIVERY_KINDS = ['event', 'redelivery', 'test'] as const;

export type DeliveryKind = (typeof DELIVERY_KINDS)[number];

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;

export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One event for one webhook, and how its last attempt went. It goes with its event, or after as many days. */
@Entity('webhook_deliveries')
@Index('ix_webhook_deliveries_due', ['webhookId', 'nextAttemptAt'], { where: `status = 'pending'` })
@Index('ix_webhook_deliveries_order', ['webhookId', 'subjectId', 'position'], {
  where: `status = 'pending' AND kind = 'event'`,
})
@Index('ix_webhook_deliveries_webhook_id', ['webhookId', 'createdAt', 'id'])
@Index('ix_webhook_deliveries_event_id', ['eventId'])
@Index('ix_webhook_deliveries_created_at', ['createdAt'])
@Check('ck_webhook_deliveries_kind', `kind IN ('event', 'redelivery', 'test')`)
@Check('ck_webhook_deliveries_status', `status IN ('pending', 'delivered', 'failed')`)
@Check('ck_webhook_deliveries_event', `(kind = 'test') = (event_id IS NULL)`)
@Check('ck_webhook_deliveries_order', `kind <> 'event' OR (subject_id IS NOT NULL AND position IS NOT NULL)`)
@Check('ck_webhook_deliveries_next', `(status = 'pending') = (next_attempt_at IS NOT NULL)`)
export class WebhookDelivery {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Webhook')
  @Column('uuid')
  webhookId: string;

  /** Null for a test. */
  @ForeignKey('Event', { onDelete: 'CASCADE' })
  @Column('uuid', { nullable: true })
  eventId: string | null;

  @Column('text')
  kind: DeliveryKind;

  /** Of the event, with {@link position}: deliveries of one subject go out one after the other. */
  @Column('uuid', { nullable: true })
  subjectId: string | null;

  @Column('bigint', { nullable: true })
  position: string | null;

  @Column('text', { default: 'pending' })
  status: DeliveryStatus;

  /** Begun, with the one under way. */
  @Column('integer', { default: 0 })
  attempts: number;

  /** Null when it is over. While an attempt is under way: when somebody else may take it for lost. */
  @Column('timestamptz', { nullable: true, default: () => 'now()' })
  nextAttemptAt: Date | null;

  @Column('timestamptz', { nullable: true })
  lastAttemptAt: Date | null;

  /** Of the last attempt that was answered or failed. */
  @Column('integer', { nullable: true })
  durationMs: number | null;

  @Column('integer', { nullable: true })
  responseStatus: number | null;

  @Column('text', { nullable: true })
  error: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;
}
