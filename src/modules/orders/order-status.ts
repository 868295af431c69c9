import { DomainError } from '../../common/errors/domain-error';

export const ORDER_STATUSES = ['pending', 'processing', 'shipped', 'delivered', 'cancelled'] as const;

export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Where an order may go from where it is. */
const NEXT: Record<OrderStatus, readonly OrderStatus[]> = {
  pending: ['processing', 'cancelled'],
  processing: ['shipped', 'cancelled'],
  shipped: ['delivered'],
  delivered: [],
  cancelled: [],
};

export const PAYMENT_STATUSES = ['unpaid', 'paid', 'refunded'] as const;

export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

const NEXT_PAYMENT: Record<PaymentStatus, readonly PaymentStatus[]> = {
  unpaid: ['paid'],
  paid: ['refunded'],
  refunded: [],
};

/** @throws DomainError `illegal_transition` */
export function assertTransition(from: OrderStatus, to: OrderStatus): void {
  if (!NEXT[from].includes(to)) throw illegalTransition(from, to);
}

/** @throws DomainError `illegal_transition` */
export function assertPaymentTransition(from: PaymentStatus, to: PaymentStatus): void {
  if (!NEXT_PAYMENT[from].includes(to)) throw illegalTransition(from, to);
}

/** Whether an order in this status can still be cancelled. */
export function isCancellable(status: OrderStatus): boolean {
  return NEXT[status].includes('cancelled');
}

/**
 * The shopper may cancel while the order is pending; staff as long as it has not shipped.
 * @throws DomainError `illegal_transition`
 */
export function assertCancellable(from: OrderStatus, byStaff: boolean): void {
  const isAllowed = byStaff ? isCancellable(from) : from === 'pending';
  if (!isAllowed) throw illegalTransition(from, 'cancelled');
}

function illegalTransition(from: string, to: string): DomainError {
  return new DomainError('illegal_transition', `An order that is ${from} cannot become ${to}.`);
}
