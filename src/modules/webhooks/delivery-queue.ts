import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { PositionedEvent } from '../../common/events/events';
import type { DeliveryKind } from './entities/webhook-delivery.entity';
import type { PauseReason } from './entities/webhook.entity';

/** So many to one webhook at a time, by each process: a slow one takes no place of another's. */
const PER_WEBHOOK = 4;
/** Longer than an attempt may take: after that it is taken for lost, with the process that made it, and made again. */
const LEASE_SECONDS = 60;
const LONGEST_DELAY = 3_600;
/** Seconds between an attempt and the next; from then on the last one. */
const DELAYS = [5, 30, 120, 600, 1_800, LONGEST_DELAY];
const GIVE_UP_HOURS = 24;
/** After so many failures in a row nothing is tried for a while: for 5 s at first, for 5 minutes at most. */
const REST_AFTER = 5;
const MAX_REST_SECONDS = 300;
const PAUSE_AFTER = 20;
const PAUSE_HOURS = 24;

/** A delivery whose next attempt is this process's. Secrets are sealed; the event is null for a test. */
export interface ClaimedDelivery {
  id: string;
  webhookId: string;
  kind: DeliveryKind;
  /** Tells this attempt from one that comes after it was taken for lost. */
  attempts: number;
  createdAt: Date;
  url: string;
  secret: string;
  /** Null once its time is over. */
  previousSecret: string | null;
  event: (Omit<PositionedEvent, 'at'> & { at: string; traceparent: string | null }) | null;
}

/**
 * Takes deliveries that are due, of each webhook as many as `busy` leaves room for. One waits while an earlier one of
 * the same subject does. Others may do the same at the same time.
 * @param busy how many of a webhook are under way here
 */
export async function claimDeliveries(
  busy: ReadonlyMap<string, number>,
  manager: EntityManager,
): Promise<ClaimedDelivery[]> {
  const [claimed] = await manager.query<[ClaimedDelivery[], number]>(
    `WITH due AS (
       SELECT due.id
         FROM webhooks w LEFT JOIN unnest($1::uuid[], $2::int[]) AS busy (id, count) ON busy.id = w.id
         CROSS JOIN LATERAL (
           SELECT d.id FROM webhook_deliveries d
            WHERE d.webhook_id = w.id AND d.status = 'pending' AND d.next_attempt_at <= now()
              AND (d.kind <> 'event' OR NOT EXISTS (
                SELECT FROM webhook_deliveries e
                 WHERE e.webhook_id = d.webhook_id AND e.subject_id = d.subject_id AND e.position < d.position
                   AND e.status = 'pending' AND e.kind = 'event'))
            ORDER BY d.next_attempt_at LIMIT ${PER_WEBHOOK} - coalesce(busy.count, 0)
              FOR UPDATE SKIP LOCKED) due
        WHERE w.is_active AND w.paused_at IS NULL AND w.deleted_at IS NULL
          AND (w.rests_until IS NULL OR w.rests_until <= now()))
     UPDATE webhook_deliveries d
        SET attempts = attempts + 1, last_attempt_at = now(), next_attempt_at = now() + make_interval(secs => ${LEASE_SECONDS}),
            response_status = NULL, error = NULL, duration_ms = NULL
       FROM webhooks w
      WHERE d.id = ANY (ARRAY (SELECT id FROM due)) AND w.id = d.webhook_id
     RETURNING d.id, d.webhook_id AS "webhookId", d.kind, d.attempts, d.created_at AS "createdAt", w.url, w.secret,
       CASE WHEN w.previous_secret_until > now() THEN w.previous_secret END AS "previousSecret",
       (SELECT json_build_object('id', e.id, 'type', e.type, 'subjectType', e.subject_type, 'subjectId', e.subject_id,
                                 'position', e.position, 'at', e.at, 'data', e.data,
                                 'traceparent', e.traceparent)
          FROM events e WHERE e.id = d.event_id) AS event`,
    [[...busy.keys()], [...busy.values()]],
  );
  return claimed;
}

/** Queues the events of a batch for the webhooks that want them, in the dispatcher's transaction. */
export async function queueDeliveries(events: readonly PositionedEvent[], tx: EntityManager): Promise<void> {
  const webhooks = await tx.query<{ id: string; events: string[] }[]>(
    'SELECT id, events FROM webhooks WHERE is_active AND paused_at IS NULL AND deleted_at IS NULL',
  );
  const rows = webhooks.flatMap((webhook) =>
    events
      .filter(({ type }) => webhook.events.includes(type))
      .map(({ id: event_id, subjectId: subject_id, position }) => {
        return { id: uuidv7(), webhook_id: webhook.id, event_id, subject_id, position };
      }),
  );
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO webhook_deliveries (id, kind, webhook_id, event_id, subject_id, position)
     SELECT id, 'event', webhook_id, event_id, subject_id, position
       FROM json_to_recordset($1) AS d(id uuid, webhook_id uuid, event_id uuid, subject_id uuid, position bigint)`,
    [JSON.stringify(rows)],
  );
}

/** How an attempt went. */
export interface AttemptResult {
  /** Null when there was no answer. */
  responseStatus: number | null;
  error: string | null;
  /** How long the receiver asked to be left alone. */
  retryAfterSeconds: number | null;
  durationMs: number;
}

/** Notes a success, which ends all worry about the webhook. An attempt that was taken for lost notes nothing. */
export async function noteDelivered(
  { id, webhookId, attempts }: ClaimedDelivery,
  { responseStatus, durationMs }: AttemptResult,
  tx: EntityManager,
): Promise<void> {
  const [, count] = await tx.query<[unknown[], number]>(
    `UPDATE webhook_deliveries
        SET status = 'delivered', next_attempt_at = NULL, response_status = $3, error = NULL, duration_ms = $4
      WHERE id = $1 AND attempts = $2 AND status = 'pending'`,
    [id, attempts, responseStatus, durationMs],
  );
  if (count === 0) return;
  await tx.query(
    'UPDATE webhooks SET failures = 0, failing_since = NULL, rests_until = NULL WHERE id = $1 AND failures > 0',
    [webhookId],
  );
}

/**
 * Notes a failure: tried again later, each time later than before and no sooner than the receiver asked for, or given
 * up after a day. A test is tried once, and its failure counts for nothing.
 * @returns why the webhook is paused from now on; null when it is not, or was before
 */
export async function noteFailed(
  delivery: ClaimedDelivery,
  { responseStatus, error, retryAfterSeconds, durationMs }: AttemptResult,
  tx: EntityManager,
): Promise<PauseReason | null> {
  const { id, attempts, kind } = delivery;
  const isOver = `(kind = 'test' OR created_at <= now() - interval '${GIVE_UP_HOURS} hours')`;
  const delay = DELAYS[Math.min(attempts, DELAYS.length) - 1];
  const rest = retryAfterSeconds && Math.min(retryAfterSeconds, LONGEST_DELAY);
  const [, count] = await tx.query<[unknown[], number]>(
    `UPDATE webhook_deliveries
        SET status = CASE WHEN ${isOver} THEN 'failed' ELSE status END,
            next_attempt_at = CASE WHEN NOT ${isOver} THEN now() + make_interval(secs => greatest($3 * (0.9 + random() * 0.2), $7)) END,
            response_status = $4, error = $5, duration_ms = $6
      WHERE id = $1 AND attempts = $2 AND status = 'pending'`,
    [id, attempts, delay, responseStatus, error, durationMs, rest],
  );
  return count === 0 || kind === 'test'
    ? null
    : worryAbout(delivery.webhookId, responseStatus === 410, rest, tx);
}

/** Lets a webhook rest that fails, or that asks for it, and pauses one that failed for a day, or that says that it is gone. */
async function worryAbout(
  webhookId: string,
  isGone: boolean,
  rest: number | null,
  tx: EntityManager,
): Promise<PauseReason | null> {
  const [[webhook]] = await tx.query<[{ isOver: boolean }[], number]>(
    `UPDATE webhooks
        SET failures = failures + 1, failing_since = coalesce(failing_since, now()),
            rests_until = greatest(rests_until, now() + make_interval(secs => $2), CASE WHEN failures + 1 >= ${REST_AFTER}
              THEN now() + make_interval(secs => least(5 * 2 ^ least(failures + 1 - ${REST_AFTER}, 10), ${MAX_REST_SECONDS})) END)
      WHERE id = $1 AND paused_at IS NULL
     RETURNING failures >= ${PAUSE_AFTER} AND failing_since <= now() - interval '${PAUSE_HOURS} hours' AS "isOver"`,
    [webhookId, rest],
  );
  if (!webhook || !(isGone || webhook.isOver)) return null;
  const reason = isGone ? 'gone' : 'failing';
  await tx.query(
    `UPDATE webhooks SET paused_at = now(), pause_reason = $2, replay_after = ${LAST_POSITION} WHERE id = $1`,
    [webhookId, reason],
  );
  return reason;
}

/** The newest position, in SQL. Whoever reads it in the statement that stops a webhook knows what it still got. */
export const LAST_POSITION = `(SELECT last FROM event_counters WHERE name = 'position')`;

/** The attempt was broken off from here: it is made again at once, wherever somebody is. */
export async function giveBackDelivery(
  { id, attempts }: ClaimedDelivery,
  manager: EntityManager,
): Promise<void> {
  await manager.query(
    `UPDATE webhook_deliveries SET next_attempt_at = now() WHERE id = $1 AND attempts = $2 AND status = 'pending'`,
    [id, attempts],
  );
}
