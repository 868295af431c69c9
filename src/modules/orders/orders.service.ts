import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { recordChange } from '../../common/audit/audit';
import { type AuthenticatedUser, isStaff } from '../../common/auth/authenticated-user';
import { SqlFilter } from '../../common/database/sql';
import { Transactions } from '../../common/database/transactions';
import { DomainError, notFound } from '../../common/errors/domain-error';
import { Events } from '../../common/events/events';
import type { Precondition } from '../../common/http/etag';
import type { ListPage } from '../../common/http/page.response';
import type { IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Idempotency } from '../../common/idempotency/idempotency.service';
import { Lists } from '../../common/lists/lists';
import { sortOrder } from '../../common/lists/sort-order';
import { definedOf } from '../../common/objects/defined';
import { holdAccount } from '../../common/personal-data/hold-account';
import { PersonalData } from '../../common/personal-data/personal-data';
import { RedemptionsService } from '../coupons/redemptions.service';
import { StockService } from '../products/stock.service';
import type { ChangePaymentStatusDto, ChangeStatusDto, UpdateOrderDto } from './dto/change-order.dto';
import type { ListOrdersQuery } from './dto/list-orders.query';
import type { OrderEventList, OrderResponse } from './dto/order.response';
import { OrderEvent } from './entities/order-event.entity';
import type { OrderItem } from './entities/order-item.entity';
import { Order } from './entities/order.entity';
import { visibleTo } from './order-access';
import { changedOrder } from './order-announcements';
import { orderChange } from './order-audit';
import { itemsOf, readOrder, recordEvent } from './order-rows';
import { assertCancellable, assertPaymentTransition, assertTransition, isCancellable } from './order-status';
import { orderTag, toEventResponse, toOrderResponse } from './order-view';

type OrderChanges = Parameters<EntityManager['update']>[2];

const NEWEST_FIRST = sortOrder(['-createdAt'], { createdAt: { sql: 'created_at', type: 'timestamptz' } });

/** Orders after they are placed: reads, the state machine, cancelling, deleting. */
@Injectable()
export class OrdersService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
    private readonly stock: StockService,
    private readonly redemptions: RedemptionsService,
    private readonly lists: Lists,
    private readonly events: Events,
    personalData: PersonalData,
  ) {
    personalData.onErase(eraseCustomer);
    personalData.onExport('orders', (userId) => this.listAll(userId));
  }

  /** Newest first: one's own, or for staff everyone's. @throws DomainError `forbidden` */
  async list(query: ListOrdersQuery, viewer: AuthenticatedUser): Promise<ListPage<OrderResponse>> {
    if (query.userId !== undefined && !isStaff(viewer)) {
      throw new DomainError('forbidden', 'Only staff may list the orders of others.');
    }
    const userId = isStaff(viewer) && !query.mine ? query.userId : viewer.id;
    const filter = orderFilter(query, userId);
    const name = `orders of ${userId ?? 'all'}`;
    const { data, meta } = await this.lists.read({ name, entity: Order, filter, order: NEWEST_FIRST }, query);
    return { data: await withItems(data, this.dataSource.manager), meta };
  }

  /** All orders of a customer, deleted ones too: what is kept about the person. */
  private async listAll(userId: string): Promise<OrderResponse[]> {
    const { manager } = this.dataSource;
    const orders = await manager.find(Order, { where: { userId }, order: { createdAt: 'DESC', id: 'DESC' } });
    return withItems(orders, manager);
  }

  /** @throws DomainError `not_found`, also for someone else's */
  async get(id: string, viewer: AuthenticatedUser): Promise<OrderResponse> {
    const { manager } = this.dataSource;
    const order = await manager.findOneBy(Order, visibleTo(viewer, id));
    if (!order) throw notFound('order');
    return toOrderResponse(order, await itemsOf([id], manager));
  }

  /** The history, oldest first. @throws DomainError `not_found` */
  async listEvents(id: string, viewer: AuthenticatedUser): Promise<OrderEventList> {
    const { manager } = this.dataSource;
    if (!(await manager.existsBy(Order, visibleTo(viewer, id)))) throw notFound('order');
    const events = await manager.find(OrderEvent, { where: { orderId: id }, order: { seq: 'ASC' } });
    return { data: events.map((event) => toEventResponse(event, isStaff(viewer))) };
  }

  /** @throws DomainError `not_found`, `illegal_transition`, `version_mismatch` */
  changeStatus(
    id: string,
    dto: ChangeStatusDto,
    actor: AuthenticatedUser,
    ifMatch: Precondition,
  ): Promise<OrderResponse> {
    return this.transactions.run(async (tx) => {
      const order = await lockOrder(id, actor, ifMatch, tx);
      const { status, note = null, trackingNumber } = dto;
      if (status === 'cancelled') {
        await this.cancelLocked(order, actor, note, tx);
      } else {
        assertTransition(order.status, status);
        await recordEvent(
          { orderId: id, kind: 'status', from: order.status, to: status, by: actor.id, note },
          tx,
        );
      }
      const changes = { status, ...(trackingNumber !== undefined && { trackingNumber }) };
      const changed = await this.changeStatuses(order, changes, tx);
      const action = status === 'cancelled' ? 'order.cancelled' : 'order.status_changed';
      await recordChange(orderChange(action, order, changed), tx);
      return changed;
    });
  }

  /** @throws DomainError `not_found`, `illegal_transition`, `version_mismatch` */
  changePaymentStatus(
    id: string,
    { paymentStatus }: ChangePaymentStatusDto,
    actor: AuthenticatedUser,
    ifMatch: Precondition,
  ): Promise<OrderResponse> {
    return this.transactions.run(async (tx) => {
      const order = await lockOrder(id, actor, ifMatch, tx);
      assertPaymentTransition(order.paymentStatus, paymentStatus);
      const step = { from: order.paymentStatus, to: paymentStatus, by: actor.id, note: null };
      await recordEvent({ orderId: id, kind: 'payment', ...step }, tx);
      const changed = await this.changeStatuses(order, { paymentStatus }, tx);
      await recordChange(orderChange('order.payment_status_changed', order, changed), tx);
      return changed;
    });
  }

  /** @throws DomainError `not_found`, `version_mismatch` */
  update(
    id: string,
    dto: UpdateOrderDto,
    actor: AuthenticatedUser,
    ifMatch: Precondition,
  ): Promise<OrderResponse> {
    return this.transactions.run(async (tx) => {
      const order = await lockOrder(id, actor, ifMatch, tx);
      const { trackingNumber, note } = dto;
      const changed = await change(id, definedOf({ trackingNumber, note }), tx);
      await recordChange(orderChange('order.updated', order, changed), tx);
      return changed;
    });
  }

  /**
   * Cancels: stock and coupon use come back, exactly once. The owner while it is pending; staff until it ships.
   * @throws DomainError `not_found`, `illegal_transition`, `version_mismatch`
   */
  cancel(
    id: string,
    reason: string | null,
    actor: AuthenticatedUser,
    ifMatch: Precondition,
    request: IdempotentRequest,
  ): Promise<OrderResponse> {
    const work = async (tx: EntityManager): Promise<OrderResponse> => {
      const order = await lockOrder(id, actor, ifMatch, tx);
      await this.cancelLocked(order, actor, reason, tx);
      const cancelled = await this.changeStatuses(order, { status: 'cancelled' }, tx);
      if (isStaff(actor)) await recordChange(orderChange('order.cancelled', order, cancelled), tx);
      return cancelled;
    };
    return this.idempotency.run(request, work, ({ customer }) => customer.id);
  }

  /** Cancels it when that is still possible, then removes it from every list and read. @throws DomainError `not_found`, `version_mismatch` */
  async remove(id: string, actor: AuthenticatedUser, ifMatch: Precondition): Promise<void> {
    await this.transactions.run(async (tx) => {
      const order = await lockOrder(id, actor, ifMatch, tx);
      if (isCancellable(order.status)) {
        await this.cancelLocked(order, actor, null, tx);
        await this.changeStatuses(order, { status: 'cancelled', deletedAt: () => 'now()' }, tx);
      } else {
        await change(id, { deletedAt: () => 'now()' }, tx);
      }
      await recordChange(orderChange('order.deleted', order, null), tx);
    });
  }

  /** A change that others are told of. The order's row is locked already. */
  private async changeStatuses(
    before: Order,
    changes: OrderChanges,
    tx: EntityManager,
  ): Promise<OrderResponse> {
    const changed = await change(before.id, changes, tx);
    await this.events.record([changedOrder(before, changed)], tx);
    return changed;
  }

  /** The order's row is locked already; products and coupon follow in that order. */
  private async cancelLocked(
    order: Order,
    actor: AuthenticatedUser,
    note: string | null,
    tx: EntityManager,
  ): Promise<void> {
    assertCancellable(order.status, isStaff(actor));
    await this.stock.giveBack(await itemsOf([order.id], tx), order, tx);
    await this.redemptions.giveBack(order.id, tx);
    const step = { from: order.status, to: 'cancelled', by: actor.id, note };
    await recordEvent({ orderId: order.id, kind: 'status', ...step }, tx);
  }
}

/** The orders with their items, in two statements whatever their number. */
async function withItems(orders: readonly Order[], tx: EntityManager): Promise<OrderResponse[]> {
  if (orders.length === 0) return [];
  const itemsByOrder = new Map<string, OrderItem[]>(orders.map(({ id }) => [id, []]));
  for (const item of await itemsOf([...itemsByOrder.keys()], tx)) itemsByOrder.get(item.orderId)?.push(item);
  return orders.map((order) => toOrderResponse(order, itemsByOrder.get(order.id) ?? []));
}

/**
 * Locks the order for a change by somebody whose account stays until the change is written.
 * @throws DomainError `not_found`, `version_mismatch`, `token_revoked`
 */
async function lockOrder(
  id: string,
  actor: AuthenticatedUser,
  ifMatch: Precondition,
  tx: EntityManager,
): Promise<Order> {
  await holdAccount(actor.id, tx);
  const order = await tx.findOne(Order, { where: visibleTo(actor, id), lock: { mode: 'for_no_key_update' } });
  if (!order) throw notFound('order');
  ifMatch.assertMatches(orderTag(order));
  return order;
}

async function change(id: string, changes: OrderChanges, tx: EntityManager): Promise<OrderResponse> {
  await tx.update(Order, { id }, { ...changes, version: () => 'version + 1', updatedAt: () => 'now()' });
  const { order, items } = await readOrder(id, tx);
  return toOrderResponse(order, items);
}

/** @param userId whose orders; undefined for everyone's */
function orderFilter(query: ListOrdersQuery, userId: string | undefined): SqlFilter {
  const { status, number, createdFrom, createdTo } = query;
  return new SqlFilter()
    .add('deleted_at IS NULL')
    .addIf(userId, 'user_id = ?')
    .addIf(status, 'status = ?')
    .addIf(number || undefined, 'number = upper(?)')
    .addIf(createdFrom && new Date(createdFrom), 'created_at >= ?')
    .addIf(createdTo && new Date(createdTo), 'created_at < ?');
}

/** Orders keep their amounts and lose the person: e-mail, name, phone and street. */
async function eraseCustomer(userId: string, tx: EntityManager): Promise<void> {
  const person = `'{"fullName": null, "phone": null, "street": null, "street2": null}'::jsonb`;
  await tx.query(
    `UPDATE orders SET customer_email = NULL, note = NULL, shipping_address = shipping_address || ${person},
            billing_address = billing_address || ${person}, version = version + 1, updated_at = now()
      WHERE user_id = $1`,
    [userId],
  );
  await tx.query(
    'UPDATE order_events SET note = NULL WHERE order_id IN (SELECT id FROM orders WHERE user_id = $1)',
    [userId],
  );
}
