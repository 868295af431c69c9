import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { EventType } from '../../../common/events/events';

export const PAUSE_REASONS = ['failing', 'gone'] as const;

/** Why a webhook was paused. */
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** An address outside the shop that is told of events. A deleted one keeps its row, without secrets, for its log. */
@Entity('webhooks')
@Check('ck_webhooks_events', 'cardinality(events) > 0')
@Check('ck_webhooks_secret', '(secret IS NULL) = (deleted_at IS NOT NULL)')
@Check('ck_webhooks_previous_secret', '(previous_secret IS NULL) = (previous_secret_until IS NULL)')
@Check(
  'ck_webhooks_pause',
  `pause_reason IN ('failing', 'gone') AND paused_at IS NOT NULL OR pause_reason IS NULL AND paused_at IS NULL`,
)
export class Webhook {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  url: string;

  @Column('text', { array: true })
  events: EventType[];

  @Column('text', { nullable: true })
  description: string | null;

  @Column('boolean', { default: true })
  isActive: boolean;

  /** Sealed: the table alone signs nothing. */
  @Column('text', { nullable: true })
  secret: string | null;

  /** Signs along until its time is over, so that a receiver can change over at leisure. */
  @Column('text', { nullable: true })
  previousSecret: string | null;

  @Column('timestamptz', { nullable: true })
  previousSecretUntil: Date | null;

  /** Deliveries that failed since the last one that succeeded. */
  @Column('integer', { default: 0 })
  failures: number;

  /** The first of them. */
  @Column('timestamptz', { nullable: true })
  failingSince: Date | null;

  /** After several failures in a row: nothing is tried before. */
  @Column('timestamptz', { nullable: true })
  restsUntil: Date | null;

  @Column('timestamptz', { nullable: true })
  pausedAt: Date | null;

  @Column('text', { nullable: true })
  pauseReason: PauseReason | null;

  /** The newest position when events last stopped coming: those after it were not all delivered. */
  @Column('bigint', { nullable: true })
  replayAfter: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updatedAt: Date;

  @Column('timestamptz', { nullable: true })
  deletedAt: Date | null;
}
