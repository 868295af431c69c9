import type { AuditAction, AuditedChange } from '../../common/audit/audit';
import type { Facts } from '../../common/audit/audited-facts';

type OrderAction = Extract<AuditAction, `order.${string}`>;

/** What staff change of an order, and what tells which one it is. */
interface AuditedOrder {
  id: string;
  number: string;
  status: string;
  paymentStatus: string;
  trackingNumber: string | null;
  note: string | null;
  version: number;
}

/** That staff changed an order. A note may tell of the customer, so it is not kept. @param after null for a deleted one */
export function orderChange(
  action: OrderAction,
  before: AuditedOrder,
  after: AuditedOrder | null,
): AuditedChange {
  return {
    action,
    id: before.id,
    before: factsOf(before),
    after: after && factsOf(after),
    hidden: ['note'],
  };
}

function factsOf({ number, status, paymentStatus, trackingNumber, note, version }: AuditedOrder): Facts {
  return { number, status, paymentStatus, trackingNumber, note, version };
}
