import {
  assertPaymentTransition,
  assertTransition,
  type OrderStatus,
  type PaymentStatus,
} from '../src/modules/orders/order-status';
import type { SeedOrder } from './content/orders';

export interface TimelineStep {
  kind: 'status' | 'payment';
  from: string | null;
  to: string;
  at: Date;
  /** Null: the system. */
  by: 'customer' | 'staff' | null;
}

const HOUR = 3_600_000;

/** How a seeded order came to its status, and after how many hours. */
const STATUS_WALKS: Record<OrderStatus, readonly OrderStatus[]> = {
  pending: ['pending'],
  processing: ['pending', 'processing'],
  shipped: ['pending', 'processing', 'shipped'],
  delivered: ['pending', 'processing', 'shipped', 'delivered'],
  cancelled: ['pending', 'cancelled'],
};

const STATUS_HOURS: Record<OrderStatus, number> = {
  pending: 0,
  processing: 6,
  shipped: 30,
  delivered: 96,
  cancelled: 20,
};

const PAYMENT_WALKS: Record<PaymentStatus, readonly PaymentStatus[]> = {
  unpaid: ['unpaid'],
  paid: ['unpaid', 'paid'],
  refunded: ['unpaid', 'paid', 'refunded'],
};

const PAYMENT_HOURS: Record<PaymentStatus, number> = { unpaid: 0, paid: 1, refunded: 22 };

/** What happened to the order, oldest first: a walk along the state machine. The first step is placing it. */
export function timelineOf({ status, paymentStatus }: SeedOrder, placedAt: Date): TimelineStep[] {
  const at = (hours: number): Date => new Date(placedAt.getTime() + hours * HOUR);
  const statuses = STATUS_WALKS[status].map((to, index, walk): TimelineStep => {
    const from = walk[index - 1] ?? null;
    if (from) assertTransition(from, to);
    const by = to === 'pending' || to === 'cancelled' ? 'customer' : 'staff';
    return { kind: 'status', from, to, at: at(STATUS_HOURS[to]), by };
  });
  const payments = PAYMENT_WALKS[paymentStatus].flatMap((to, index, walk): TimelineStep[] => {
    const from = walk[index - 1];
    if (!from) return [];
    assertPaymentTransition(from, to);
    return [{ kind: 'payment', from, to, at: at(PAYMENT_HOURS[to]), by: null }];
  });
  return [...statuses, ...payments].sort((left, right) => left.at.getTime() - right.at.getTime());
}
