import type { EntityManager } from 'typeorm';
import type { PositionedEvent } from './events';

/**
 * Gives committed events their positions, the oldest first. The caller holds the dispatcher's lock: the events of one
 * call come before those of the next, also for who reads meanwhile.
 * @returns them in the order of their positions
 */
export async function assignPositions(limit: number, tx: EntityManager): Promise<PositionedEvent[]> {
  const [events] = await tx.query<[PositionedEvent[], number]>(
    `WITH found AS (
       SELECT id, row_number() OVER (ORDER BY seq) AS place
         FROM (SELECT id, seq FROM events WHERE position IS NULL ORDER BY seq LIMIT $1) e
     ), counter AS (
       UPDATE event_counters SET last = last + (SELECT count(*) FROM found)
        WHERE name = 'position' AND EXISTS (SELECT FROM found)
       RETURNING last - (SELECT count(*) FROM found) AS before
     )
     UPDATE events e SET position = counter.before + found.place FROM found, counter WHERE e.id = found.id
     RETURNING e.id, e.type, e.subject_type AS "subjectType", e.subject_id AS "subjectId", e.data, e.at,
               e.position::float8 AS position`,
    [limit],
  );
  return events.toSorted((left, right) => left.position - right.position);
}
