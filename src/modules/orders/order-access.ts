import { IsNull } from 'typeorm';
import { isStaff, type SessionUser } from '../../common/auth/authenticated-user';
import type { Order } from './entities/order.entity';

/** Someone else's order does not exist for a customer. */
export function visibleTo(
  viewer: SessionUser,
  id: string,
): { id: string; userId?: string; deletedAt: ReturnType<typeof IsNull> } {
  return { id, ...(!isStaff(viewer) && { userId: viewer.id }), deletedAt: IsNull() };
}

/** {@link visibleTo} for an order that is at hand and not deleted. */
export function isVisibleTo(viewer: SessionUser, { userId }: Pick<Order, 'userId'>): boolean {
  return isStaff(viewer) || userId === viewer.id;
}
