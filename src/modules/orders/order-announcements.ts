import type { EventType, NewEvent } from '../../common/events/events';
import type { OrderResponse } from './dto/order.response';

type Statuses = Pick<OrderResponse, 'status' | 'paymentStatus'>;

/** What others are told of a new order. */
export function placedOrder(order: OrderResponse): NewEvent {
  return announcement('order.placed', order, null);
}

/** What others are told when an order's status or payment has changed. Cancelling is an event of its own. */
export function changedOrder(before: Statuses, order: OrderResponse): NewEvent {
  const isCancelled = order.status === 'cancelled' && before.status !== 'cancelled';
  return announcement(isCancelled ? 'order.cancelled' : 'order.status_changed', order, before);
}

/**
 * Facts, and nothing of the person but the id. `total` is in major units, `itemCount` counts units; the previous
 * statuses equal the present ones where those did not change, and are null for a new order.
 */
function announcement(type: EventType, order: OrderResponse, before: Statuses | null): NewEvent {
  const { id, number, status, paymentStatus, currency, total, trackingNumber, version } = order;
  return {
    type,
    subjectType: 'order',
    subjectId: id,
    data: {
      orderId: id,
      number,
      customerId: order.customer.id,
      status,
      previousStatus: before?.status ?? null,
      paymentStatus,
      previousPaymentStatus: before?.paymentStatus ?? null,
      currency,
      total,
      itemCount: order.items.reduce((units, { quantity }) => units + quantity, 0),
      trackingNumber,
      version,
    },
  };
}
