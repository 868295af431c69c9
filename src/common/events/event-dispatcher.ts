import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource, type EntityManager } from 'typeorm';
import { ENV, type Env } from '../../config/env';
import { LOGGER } from '../logging/logger';
import { inSpan } from '../tracing/tracing';
import { assignPositions } from './event-positions';
import { type EventConsumer, Events, type RecordedEvent } from './events';

const POLL_MS = 500;
const BATCH_SIZE = 200;
/** Any number: the lock that lets one of several instances dispatch. */
const DISPATCH_LOCK = 727_003;
/** After so many failures, in about a quarter of an hour, an event is parked. */
const MAX_FAILURES = 10;

interface WaitingEvent extends RecordedEvent {
  traceparent: string | null;
}

/**
 * Gives events their positions, and hands them to their consumers in the order in which they were written. One instance
 * at a time does it.
 */
@Injectable()
export class EventDispatcher implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private dispatching: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    private readonly events: Events,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    if (this.env.JOBS) this.dispatching = this.dispatchUntilStopped();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.dispatching;
  }

  private async dispatchUntilStopped(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const count = await this.dispatchBatch().catch((error: unknown) => {
        this.logger.error({ event: 'dispatch_failed', err: error });
        return 0;
      });
      if (count < BATCH_SIZE) await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Numbers new events, and dispatches the oldest that wait, in one transaction. @returns how many were taken up */
  dispatchBatch(): Promise<number> {
    return this.dataSource.transaction(async (tx) => {
      const [lock] = await tx.query<{ isHeld: boolean }[]>(
        'SELECT pg_try_advisory_xact_lock($1) AS "isHeld"',
        [DISPATCH_LOCK],
      );
      if (!lock?.isHeld) return 0;
      const positioned = await this.takeUpNew(tx);
      const waiting = await findWaiting(tx);
      const failed = new Set<string>();
      const done: string[] = [];
      for (const event of waiting) {
        // Its subject's events stay in order: those behind a failed one wait with it.
        if (failed.has(event.subjectId)) continue;
        if (await this.tell(event, tx)) done.push(event.id);
        else failed.add(event.subjectId);
      }
      await markDispatched(done, tx);
      return Math.max(positioned, waiting.length);
    });
  }

  private async takeUpNew(tx: EntityManager): Promise<number> {
    const events = await assignPositions(BATCH_SIZE, tx);
    if (events.length === 0) return 0;
    for (const consumer of this.events.batchConsumers) await consumer(events, tx);
    return events.length;
  }

  /** Calls the consumers; what they wrote before one of them failed is undone. @returns whether all succeeded */
  private async tell(event: WaitingEvent, tx: EntityManager): Promise<boolean> {
    const consumers = this.events.consumersOf(event.type);
    if (consumers.length === 0) return true;
    try {
      await tellConsumers(consumers, event, tx);
      return true;
    } catch (error) {
      const isParked = await noteFailure(event.id, error, tx);
      const line = { eventId: event.id, type: event.type, err: error };
      this.logger.error({ event: isParked ? 'event_parked' : 'event_failed', ...line });
      return false;
    }
  }
}

function tellConsumers(
  consumers: readonly EventConsumer[],
  { traceparent, ...event }: WaitingEvent,
  tx: EntityManager,
): Promise<void> {
  const attributes = { 'event.id': event.id, 'event.type': event.type };
  return inSpan(`event ${event.type}`, { cause: traceparent, attributes }, () =>
    tx.transaction(async (savepoint) => {
      for (const consumer of consumers) await consumer(event, savepoint);
    }),
  );
}

/** Left out: events that wait after a failure, and those of their subjects that come after. */
function findWaiting(tx: EntityManager): Promise<WaitingEvent[]> {
  return tx.query(
    `SELECT id, type, subject_type AS "subjectType", subject_id AS "subjectId", data, at, traceparent FROM events e
      WHERE dispatched_at IS NULL AND parked_at IS NULL
        AND NOT EXISTS (SELECT FROM events w
                         WHERE w.dispatched_at IS NULL AND w.parked_at IS NULL AND w.retry_at > now()
                           AND w.subject_id = e.subject_id AND w.seq <= e.seq)
      ORDER BY seq LIMIT $1`,
    [BATCH_SIZE],
  );
}

async function markDispatched(ids: readonly string[], tx: EntityManager): Promise<void> {
  if (ids.length > 0) await tx.query('UPDATE events SET dispatched_at = now() WHERE id = ANY ($1)', [ids]);
}

/** The next try comes later each time: after 2 s, 4 s, 8 s … @returns whether the event is given up */
async function noteFailure(id: string, error: unknown, tx: EntityManager): Promise<boolean> {
  const [[noted]] = await tx.query<[{ isParked: boolean }[], number]>(
    `UPDATE events SET failures = failures + 1, last_error = $2,
            retry_at = now() + make_interval(secs => 2 ^ (failures + 1)),
            parked_at = CASE WHEN failures + 1 >= $3 THEN now() END
      WHERE id = $1 RETURNING parked_at IS NOT NULL AS "isParked"`,
    [id, error instanceof Error ? error.message : String(error), MAX_FAILURES],
  );
  return noted?.isParked === true;
}
