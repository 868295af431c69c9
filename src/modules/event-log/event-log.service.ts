import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError, invalid } from '../../common/errors/domain-error';
import type { PositionedEvent } from '../../common/events/events';
import { shownEvent } from '../../common/events/shown-event';
import { ENV, type Env } from '../../config/env';
import type { EventList } from './dto/event.response';
import type { ListEventsQuery } from './dto/list-events.query';

const DEFAULT_LIMIT = 20;

interface Page {
  events: PositionedEvent[];
  /** The newest position of all, at the same instant. */
  last: number;
}

/** What happened in the shop, for whoever wants to read on from where they were. */
@Injectable()
export class EventLogService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /**
   * Events by position, none left out.
   * @throws DomainError `events_expired` when one after `after` is gone, `validation_failed` when `after` is ahead of
   * all events
   */
  async list({ after, limit = DEFAULT_LIMIT }: ListEventsQuery): Promise<EventList> {
    const { events, last } = await this.read(after, limit);
    if (after !== undefined) assertUnbroken(after, { events, last });
    const nextAfter = events.at(-1)?.position ?? last;
    return { data: events.map(shownEvent), meta: { limit, nextAfter, hasMore: nextAfter < last } };
  }

  /** In one statement: what is committed between two would be skipped. */
  private async read(after: number | undefined, limit: number): Promise<Page> {
    const where = after === undefined ? `at >= now() - make_interval(days => $1)` : `position > $1`;
    const rows = await this.dataSource.query<({ last: number } & (PositionedEvent | { id: null }))[]>(
      `SELECT c.last::float8 AS last, e.*
         FROM event_counters c LEFT JOIN LATERAL (
           SELECT id, type, subject_type AS "subjectType", subject_id AS "subjectId", position::float8 AS position, data, at
             FROM events WHERE position IS NOT NULL AND ${where} ORDER BY events.position LIMIT $2) e ON true
        ORDER BY e.position`,
      [after ?? this.env.EVENTS_RETENTION_DAYS, limit],
    );
    return { events: rows.filter((row) => row.id !== null), last: rows[0]?.last ?? 0 };
  }
}

/** Positions count up by one: where one is missing, its event has been removed. */
function assertUnbroken(after: number, { events, last }: Page): void {
  if (after > last)
    throw invalid('after', 'ahead', 'after is ahead of all events: they are those of another database.');
  const isBroken = events.some(({ position }, index) => position !== after + 1 + index);
  if (isBroken || (events.length === 0 && after < last))
    throw new DomainError(
      'events_expired',
      'Events after this one are no longer kept. Read what they told of, then go on without `after`.',
    );
}
