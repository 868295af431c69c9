import type { EntityManager } from 'typeorm';
import type { OrderEvent } from './entities/order-event.entity';
import type { Order } from './entities/order.entity';

type EventRow = Omit<OrderEvent, 'orderId' | 'kind'>;

/** What has happened to an order since some event. */
export interface OrderHistory extends Pick<Order, 'userId'> {
  /** Oldest first. */
  events: EventRow[];
}

/**
 * What has happened to these orders, in one statement. Deleted ones are left out. The `seq` of an order's events grows
 * in the order of their commits, since each is written under the order's lock: nothing comes in before what was read.
 * @param since the `seq` of an event, by order: what came after it is read
 */
export async function readHistories(
  since: ReadonlyMap<string, bigint>,
  tx: EntityManager,
): Promise<Map<string, OrderHistory>> {
  const rows = await tx.query<({ orderId: string; userId: string } & (EventRow | { id: null }))[]>(
    `SELECT o.id AS "orderId", o.user_id AS "userId", e.id, e.seq, e.from_status AS "fromStatus",
            e.to_status AS "toStatus", e.at, e.by_user_id AS "byUserId", e.note
       FROM unnest($1::uuid[], $2::bigint[]) AS followed (order_id, seq)
       JOIN orders o ON o.id = followed.order_id AND o.deleted_at IS NULL
       LEFT JOIN order_events e ON e.order_id = o.id AND e.seq > followed.seq
      ORDER BY e.seq`,
    [[...since.keys()], [...since.values()].map(String)],
  );
  const histories = new Map<string, OrderHistory>();
  for (const { orderId, userId, ...event } of rows) {
    const history = histories.get(orderId) ?? { userId, events: [] };
    histories.set(orderId, history);
    if (event.id !== null) history.events.push(event);
  }
  return histories;
}
