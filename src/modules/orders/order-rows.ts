import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { notFound } from '../../common/errors/domain-error';
import { OrderEvent } from './entities/order-event.entity';
import { OrderItem } from './entities/order-item.entity';
import { Order } from './entities/order.entity';

interface NewEvent {
  orderId: string;
  kind: OrderEvent['kind'];
  from: string;
  to: string;
  by: string;
  note: string | null;
}

/** Adds a step to the order's history. The caller holds the order's lock. */
export async function recordEvent(
  { orderId, kind, from, to, by, note }: NewEvent,
  tx: EntityManager,
): Promise<void> {
  await tx.insert(OrderEvent, {
    id: uuidv7(),
    orderId,
    kind,
    fromStatus: from,
    toStatus: to,
    byUserId: by,
    note,
  });
}

/** @throws DomainError `not_found` */
export async function readOrder(
  id: string,
  tx: EntityManager,
): Promise<{ order: Order; items: OrderItem[] }> {
  const [order, items] = [await tx.findOneBy(Order, { id }), await itemsOf([id], tx)];
  if (!order) throw notFound('order');
  return { order, items };
}

/** The items of all these orders, in one statement. */
export async function itemsOf(orderIds: readonly string[], tx: EntityManager): Promise<OrderItem[]> {
  return tx
    .createQueryBuilder(OrderItem, 'i')
    .where('i.orderId = ANY (:orderIds)', { orderIds })
    .orderBy({ 'i.orderId': 'ASC', 'i.position': 'ASC' })
    .getMany();
}
