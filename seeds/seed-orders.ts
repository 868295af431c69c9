import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { CouponRedemption } from '../src/modules/coupons/entities/coupon-redemption.entity';
import { Coupon } from '../src/modules/coupons/entities/coupon.entity';
import { OrderEvent } from '../src/modules/orders/entities/order-event.entity';
import { OrderItem } from '../src/modules/orders/entities/order-item.entity';
import { Order } from '../src/modules/orders/entities/order.entity';
import { lockProductsBySku } from '../src/modules/products/product-rows';
import { SEED_ORDERS, type SeedOrder } from './content/orders';
import { DEVELOPMENT_USERS, SEED_ORDERS_EMAIL } from './content/users';
import { type PlannedOrder, planOrder } from './plan-order';
import { keyOfEmail } from './seed-users';

interface People {
  customerId: string;
  staffId: string | null;
}

/** A coupon that can be used once more, and which of the user's live uses that is. */
interface UsableCoupon {
  coupon: Coupon;
  useNumber: number;
}

/**
 * Places the sample orders whose number is missing, as they would have come about: stock, ledger, coupon and history
 * included. An order is left out when its products or coupon were changed so that it is no longer possible.
 * Locks: the products in id order, then the coupons. Returns how many were placed.
 */
export async function seedOrders(now: Date, tx: EntityManager): Promise<number> {
  const missing = await findMissing(tx);
  const people = await findPeople(tx);
  if (missing.length === 0 || !people) return 0;
  await lockProductsBySku(missing.flatMap(skusOf), tx);
  let placed = 0;
  for (const seed of missing) if (await placeOrder(seed, people, now, tx)) placed += 1;
  return placed;
}

async function findMissing(tx: EntityManager): Promise<SeedOrder[]> {
  const numbers = SEED_ORDERS.map(({ key }) => key);
  const rows = await tx.query<{ number: string }[]>('SELECT number FROM orders WHERE number = ANY($1)', [
    numbers,
  ]);
  const known = new Set(rows.map(({ number }) => number));
  return SEED_ORDERS.filter(({ key }) => !known.has(key));
}

async function findPeople(tx: EntityManager): Promise<People | null> {
  const editor = DEVELOPMENT_USERS.find(({ roles }) => roles.includes('EDITOR'));
  const [people] = await tx.query<People[]>(
    `SELECT customer.id AS "customerId", staff.id AS "staffId"
     FROM users customer LEFT JOIN users staff ON staff.email_key = $2
     WHERE customer.email_key = $1`,
    [keyOfEmail(SEED_ORDERS_EMAIL), keyOfEmail(editor?.email ?? '')],
  );
  return people ?? null;
}

function skusOf(seed: SeedOrder): string[] {
  return seed.items.map(({ sku }) => sku);
}

async function placeOrder(seed: SeedOrder, people: People, now: Date, tx: EntityManager): Promise<boolean> {
  const { customerId } = people;
  const products = await lockProductsBySku(skusOf(seed), tx);
  const usable = seed.couponCode === null ? null : await findUsableCoupon(seed.couponCode, customerId, tx);
  if (seed.couponCode !== null && !usable) return false;
  const order = planOrder(seed, { customerId, products, coupon: usable?.coupon ?? null, now });
  if (!order) return false;
  await writeOrder(order, people, tx);
  if (usable) await writeRedemption(order, usable, tx);
  await takeStock(order, tx);
  if (order.row.status === 'cancelled') await giveBack(order, tx);
  return true;
}

/** Locks the coupon. Null when there is none that this user can still use. */
async function findUsableCoupon(
  code: string,
  userId: string,
  tx: EntityManager,
): Promise<UsableCoupon | null> {
  const coupon = await tx
    .createQueryBuilder(Coupon, 'coupon')
    .setLock('pessimistic_write')
    .where('coupon.code = :code AND coupon.deletedAt IS NULL AND coupon.isActive', { code })
    .getOne();
  if (!coupon || coupon.usageCount >= (coupon.usageLimit ?? Infinity)) return null;
  const uses = await tx
    .createQueryBuilder(CouponRedemption, 'redemption')
    .where('redemption.couponId = :couponId AND redemption.userId = :userId', { couponId: coupon.id, userId })
    .andWhere('redemption.cancelledAt IS NULL')
    .getCount();
  return uses >= (coupon.usageLimitPerUser ?? Infinity) ? null : { coupon, useNumber: uses + 1 };
}

async function writeOrder(
  { row, items, timeline }: PlannedOrder,
  people: People,
  tx: EntityManager,
): Promise<void> {
  await tx.insert(Order, row);
  await tx.insert(
    OrderItem,
    items.map(({ product, quantity, lineTotalMinor }, position) => ({
      id: uuidv7(),
      orderId: row.id,
      productId: product.id,
      position,
      sku: product.sku,
      name: product.name,
      imageUrl: product.imageUrl,
      unitPriceMinor: product.priceMinor,
      quantity,
      lineTotalMinor,
    })),
  );
  const actors = { customer: people.customerId, staff: people.staffId };
  await tx.insert(
    OrderEvent,
    timeline.map(({ kind, from, to, at, by }) => ({
      id: uuidv7(),
      orderId: row.id,
      kind,
      fromStatus: from,
      toStatus: to,
      at,
      byUserId: by && actors[by],
      note: null,
    })),
  );
}

async function writeRedemption(
  { row }: PlannedOrder,
  usable: UsableCoupon,
  tx: EntityManager,
): Promise<void> {
  const isCancelled = row.status === 'cancelled';
  await tx.insert(CouponRedemption, {
    id: uuidv7(),
    couponId: usable.coupon.id,
    userId: row.userId,
    orderId: row.id,
    useNumber: usable.useNumber,
    amountMinor: row.discountMinor,
    currency: row.currency,
    redeemedAt: row.createdAt,
    cancelledAt: isCancelled ? row.updatedAt : null,
  });
  if (!isCancelled) await tx.increment(Coupon, { id: usable.coupon.id }, 'usageCount', 1);
}

/** The stock cannot go below zero: the products are locked and have enough, and a CHECK stands behind it. */
function takeStock({ row, items }: PlannedOrder, tx: EntityManager): Promise<void> {
  const deltas = items.map(({ product, quantity }) => ({ id: product.id, delta: -quantity }));
  return moveStock(
    deltas,
    { kind: 'order', reason: `Order ${row.number}`, orderId: row.id, at: row.createdAt },
    tx,
  );
}

function giveBack({ row, items, timeline }: PlannedOrder, tx: EntityManager): Promise<void> {
  const deltas = items.map(({ product, quantity }) => ({ id: product.id, delta: quantity }));
  const at = timeline.find(({ to }) => to === 'cancelled')?.at ?? row.updatedAt;
  return moveStock(
    deltas,
    { kind: 'cancellation', reason: `Order ${row.number} cancelled`, orderId: row.id, at },
    tx,
  );
}

interface Cause {
  kind: 'order' | 'cancellation';
  reason: string;
  orderId: string;
  at: Date;
}

/** Changes the stock of several products and writes the ledger, in one statement. */
async function moveStock(
  deltas: readonly { id: string; delta: number }[],
  cause: Cause,
  tx: EntityManager,
): Promise<void> {
  const { kind, reason, orderId, at } = cause;
  await tx.query(
    `WITH moved AS (
       UPDATE products SET stock = stock + given.delta
       FROM unnest($1::uuid[], $2::integer[], $3::uuid[]) AS given (id, delta, movement_id)
       WHERE products.id = given.id AND stock + given.delta >= 0
       RETURNING products.id, products.stock, given.delta, given.movement_id
     )
     INSERT INTO stock_movements (id, product_id, delta, kind, reason, stock, order_id, created_at)
     SELECT movement_id, id, delta, $4, $5, stock, $6, $7 FROM moved`,
    [
      deltas.map(({ id }) => id),
      deltas.map(({ delta }) => delta),
      deltas.map(() => uuidv7()),
      kind,
      reason,
      orderId,
      at,
    ],
  );
}
