import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { OrderItem } from './entities/order-item.entity';
import type { Order } from './entities/order.entity';
import { newOrderNumber } from './order-number';
import type { PricedItem } from './order-pricing';

/** What an order is placed with; the rest of its columns begins alike for all. */
export type NewOrder = Omit<Order, keyof typeof BEGINNING | 'id' | 'number' | 'createdAt' | 'updatedAt'>;

/** The defaults of the table. */
const BEGINNING = {
  status: 'pending' as const,
  paymentStatus: 'unpaid' as const,
  trackingNumber: null,
  version: 1,
  deletedAt: null,
};

/** Nobody draws one of 35 million million numbers so often without something being wrong. */
const MAX_DRAWS = 10;

/** Writes an order with its items and the first step of its history, under a number that is free. */
export async function insertOrder(
  order: NewOrder,
  priced: readonly PricedItem[],
  tx: EntityManager,
): Promise<{ order: Order; items: OrderItem[] }> {
  const id = uuidv7();
  const items = priced.map((item, position) => ({ ...item, id: uuidv7(), orderId: id, position }));
  for (let draw = 0; draw < MAX_DRAWS; draw++) {
    const number = newOrderNumber();
    const createdAt = await insertUnder({ ...order, id, number }, items, tx);
    if (createdAt) {
      return { order: { ...BEGINNING, ...order, id, number, createdAt, updatedAt: createdAt }, items };
    }
  }
  throw new Error('No order number is free');
}

/** All in one statement. Null when the number is taken: then nothing is written. */
async function insertUnder(
  order: NewOrder & { id: string; number: string },
  items: readonly OrderItem[],
  tx: EntityManager,
): Promise<Date | null> {
  const columns = columnsOf(order);
  const placeholders = Object.keys(columns).map((_, index) => `$${index + 4}`);
  const [placed] = await tx.query<{ createdAt: Date }[]>(
    `WITH placed AS (
       INSERT INTO orders (${Object.keys(columns).join(', ')}) VALUES (${placeholders.join(', ')})
       ON CONFLICT (number) DO NOTHING RETURNING id, created_at
     ), listed AS (
       INSERT INTO order_items (order_id, ${ITEM_COLUMNS})
       SELECT placed.id, ${ITEM_COLUMNS.replace(/\w+/g, 'item.$&')}
         FROM placed CROSS JOIN json_to_recordset($1) AS item (${ITEM_TYPES})
     ), begun AS (
       INSERT INTO order_events (id, order_id, kind, to_status, by_user_id)
       SELECT $2, id, 'status', '${BEGINNING.status}', $3 FROM placed
     )
     SELECT created_at AS "createdAt" FROM placed`,
    [JSON.stringify(items.map(toItemRow)), uuidv7(), order.userId, ...Object.values(columns)],
  );
  return placed?.createdAt ?? null;
}

function columnsOf(order: NewOrder & { id: string; number: string }): Record<string, unknown> {
  return {
    id: order.id,
    number: order.number,
    user_id: order.userId,
    customer_email: order.customerEmail,
    payment_method: order.paymentMethod,
    currency: order.currency,
    subtotal_minor: order.subtotalMinor,
    discount_minor: order.discountMinor,
    total_minor: order.totalMinor,
    coupon_id: order.couponId,
    coupon_code: order.couponCode,
    shipping_address: order.shippingAddress,
    billing_address: order.billingAddress,
    note: order.note,
    cart_id: order.cartId,
    cart_version: order.cartVersion,
    idempotency_key: order.idempotencyKey,
  };
}

const ITEM_COLUMNS =
  'id, product_id, position, sku, name, image_url, unit_price_minor, quantity, line_total_minor';

const ITEM_TYPES = `id uuid, product_id uuid, position integer, sku text, name text, image_url text,
  unit_price_minor bigint, quantity integer, line_total_minor bigint`;

function toItemRow(item: OrderItem): object {
  const { productId, imageUrl, unitPriceMinor, lineTotalMinor, ...rest } = item;
  return {
    ...rest,
    product_id: productId,
    image_url: imageUrl,
    unit_price_minor: unitPriceMinor,
    line_total_minor: lineTotalMinor,
  };
}
