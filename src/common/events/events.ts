import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ENV, type Env } from '../../config/env';
import { Cleaning } from '../jobs/cleaning';
import { currentTraceparent } from '../tracing/tracing';

export const EVENT_TYPES = [
  'order.placed',
  'order.status_changed',
  'order.cancelled',
  'product.created',
  'product.updated',
  'product.deleted',
  'stock.low',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

export const SUBJECT_TYPES = ['order', 'product'] as const;

export type SubjectType = (typeof SUBJECT_TYPES)[number];

export interface NewEvent {
  type: EventType;
  subjectType: SubjectType;
  subjectId: string;
  /** What happened: ids and facts, no personal data. Amounts in major units, beside their currency. */
  data: object;
}

/** An event as it was recorded. */
export interface RecordedEvent extends NewEvent {
  id: string;
  at: Date;
}

/** One that has its place among all. */
export interface PositionedEvent extends RecordedEvent {
  position: number;
}

/** Queues what follows from an event, in the dispatcher's transaction, and does nothing else. */
export type EventConsumer = (event: RecordedEvent, tx: EntityManager) => Promise<void>;

/** The same for all events of a batch at once, whatever their types, in the order of their positions. */
export type EventBatchConsumer = (events: readonly PositionedEvent[], tx: EntityManager) => Promise<void>;

/**
 * What happens in the shop, for those who want to know. An event is a row, written in the transaction that makes it
 * happen; soon after the commit the dispatcher hands it to the consumers of its type, each at least once.
 */
@Injectable()
export class Events {
  private readonly consumers = new Map<EventType, EventConsumer[]>();
  readonly batchConsumers: EventBatchConsumer[] = [];

  constructor(@Inject(ENV) env: Env, cleaning: Cleaning) {
    const isOld = `at < now() - interval '${env.EVENTS_RETENTION_DAYS} days'`;
    cleaning.remove('events', `${isOld} AND dispatched_at IS NOT NULL`);
  }

  /** Says who is to know of events of these types. Several consumers are called one after the other. */
  on(types: EventType | readonly EventType[], consumer: EventConsumer): void {
    for (const type of [types].flat()) this.consumers.set(type, [...this.consumersOf(type), consumer]);
  }

  /**
   * Says who is to know of all events, in the step that gives them their positions: each once, and none before it has
   * its place. When it fails nothing goes on, so it must not fail for what an event says.
   */
  onBatch(consumer: EventBatchConsumer): void {
    this.batchConsumers.push(consumer);
  }

  consumersOf(type: EventType): readonly EventConsumer[] {
    return this.consumers.get(type) ?? [];
  }

  /** {@link recordEvents}, for who has this at hand. */
  record(events: readonly NewEvent[], tx: EntityManager): Promise<void> {
    return recordEvents(events, tx);
  }
}

/** Writes events in one statement. The caller holds the lock of each subject's row: that keeps their order. */
export async function recordEvents(events: readonly NewEvent[], tx: EntityManager): Promise<void> {
  if (events.length === 0) return;
  const traceparent = currentTraceparent();
  const rows = events.map(({ type, subjectType, subjectId, data }) => {
    return { id: uuidv7(), type, subject_type: subjectType, subject_id: subjectId, data, traceparent };
  });
  await tx.query(
    `INSERT INTO events (id, type, subject_type, subject_id, data, traceparent)
     SELECT id, type, subject_type, subject_id, data, traceparent
       FROM json_to_recordset($1)
         AS e(id uuid, type text, subject_type text, subject_id uuid, data jsonb, traceparent text)`,
    [JSON.stringify(rows)],
  );
}
