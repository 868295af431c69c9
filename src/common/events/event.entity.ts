import { Check, Column, Entity, Generated, Index, PrimaryColumn } from 'typeorm';
import type { EventType, SubjectType } from './events';

/**
 * Something that happened in the shop, written in the transaction that made it happen, and told to the consumers
 * afterwards. Rows hold no personal data, do not change but for what the dispatcher notes, and go after some weeks.
 */
@Entity('events')
@Index('ix_events_waiting', ['seq'], { where: 'dispatched_at IS NULL AND parked_at IS NULL' })
@Index('ix_events_parked', ['seq'], { where: 'dispatched_at IS NULL AND parked_at IS NOT NULL' })
@Index('ix_events_retried', ['subjectId', 'seq'], {
  where: 'dispatched_at IS NULL AND parked_at IS NULL AND retry_at IS NOT NULL',
})
@Index('uq_events_position', ['position'], { unique: true })
@Index('ix_events_new', ['seq'], { where: 'position IS NULL' })
@Index('ix_events_at', ['at'])
@Check('ck_events_traceparent', `traceparent ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$'`)
export class Event {
  @PrimaryColumn('uuid')
  id: string;

  /**
   * Counts up. Events of one subject are in the order of their changes, as each change holds the lock of the subject's
   * row until it commits; those of different subjects may commit the other way round.
   */
  @Generated('increment')
  @Column('bigint')
  seq: string;

  @Column('text')
  type: EventType;

  @Column('text')
  subjectType: SubjectType;

  @Column('uuid')
  subjectId: string;

  @Column('jsonb')
  data: object;

  @Column('timestamptz', { default: () => 'now()' })
  at: Date;

  /**
   * Its place among all, from 1 and without gaps, given by the dispatcher once it is committed: who reads on by it
   * meets no event that appears behind them. Events of one subject have theirs in the order of `seq`.
   */
  @Column('bigint', { nullable: true })
  position: string | null;

  @Column('timestamptz', { nullable: true })
  dispatchedAt: Date | null;

  /** How often a consumer failed on it. */
  @Column('smallint', { default: 0 })
  failures: number;

  @Column('text', { nullable: true })
  lastError: string | null;

  /** After a failure: not before. Later events of the subject wait, too. */
  @Column('timestamptz', { nullable: true })
  retryAt: Date | null;

  /** Given up: it waits for ops and holds nothing up. */
  @Column('timestamptz', { nullable: true })
  parkedAt: Date | null;

  /** The span that recorded it, as W3C Trace Context writes it, where requests are traced. */
  @Column('text', { nullable: true })
  traceparent: string | null;
}
