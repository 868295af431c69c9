import type { DataSource } from 'typeorm';

/** What holds in the tables at any instant: each query finds what breaks it. */
const INVARIANTS: Record<string, string> = {
  'no product has negative stock': 'SELECT id FROM products WHERE stock < 0',

  'stock equals the sum of the ledger': `
    SELECT p.id FROM products p LEFT JOIN stock_movements m ON m.product_id = p.id
    GROUP BY p.id HAVING p.stock <> coalesce(sum(m.delta), 0)`,

  'each ledger row tells the stock after it': `
    SELECT id FROM (
      SELECT id, stock, sum(delta) OVER (PARTITION BY product_id ORDER BY seq) AS expected FROM stock_movements
    ) m WHERE stock <> expected`,

  'orders hold exactly the stock that they took': `
    SELECT order_id, product_id
    FROM (
      SELECT order_id, product_id, sum(delta) AS moved FROM stock_movements
      WHERE order_id IS NOT NULL GROUP BY order_id, product_id
    ) ledger
    FULL JOIN (
      SELECT i.order_id, i.product_id, i.quantity AS held FROM order_items i
      JOIN orders o ON o.id = i.order_id WHERE o.status <> 'cancelled'
    ) items USING (order_id, product_id)
    WHERE coalesce(moved, 0) + coalesce(held, 0) <> 0`,

  'an order is worth its items less its discount': `
    SELECT o.id FROM orders o JOIN order_items i ON i.order_id = o.id
    GROUP BY o.id
    HAVING o.subtotal_minor <> sum(i.unit_price_minor * i.quantity)
      OR o.total_minor <> o.subtotal_minor - o.discount_minor
      OR o.discount_minor NOT BETWEEN 0 AND o.subtotal_minor`,

  'a coupon counts its live redemptions, within its limit': `
    SELECT c.id FROM coupons c
    LEFT JOIN coupon_redemptions r ON r.coupon_id = c.id AND r.cancelled_at IS NULL
    GROUP BY c.id HAVING c.usage_count <> count(r.id) OR c.usage_count > c.usage_limit`,

  'no user redeems a coupon more often than its limit': `
    SELECT c.id, r.user_id FROM coupons c
    JOIN coupon_redemptions r ON r.coupon_id = c.id AND r.cancelled_at IS NULL
    GROUP BY c.id, r.user_id HAVING count(*) > c.usage_limit_per_user`,

  'an order has a live redemption exactly while it has a coupon and is not cancelled': `
    SELECT o.id FROM orders o LEFT JOIN coupon_redemptions r ON r.order_id = o.id AND r.cancelled_at IS NULL
    WHERE (r.id IS NOT NULL) <> (o.coupon_id IS NOT NULL AND o.status <> 'cancelled')
      OR r.coupon_id <> o.coupon_id OR r.amount_minor <> o.discount_minor`,

  'no order is without items': `
    SELECT id FROM orders o WHERE NOT EXISTS (SELECT FROM order_items i WHERE i.order_id = o.id)`,

  'an order has one item per product, of one or more': `
    SELECT order_id FROM order_items GROUP BY order_id, product_id HAVING count(*) > 1 OR min(quantity) < 1`,

  'a user has one order per idempotency key, for as long as a key is kept': `
    SELECT user_id FROM (
      SELECT user_id, created_at - lag(created_at) OVER (PARTITION BY user_id, idempotency_key ORDER BY created_at) AS apart
      FROM orders WHERE idempotency_key IS NOT NULL
    ) o WHERE apart < interval '24 hours'`,

  'a cart as it stood is ordered once': `
    SELECT cart_id FROM orders WHERE cart_id IS NOT NULL GROUP BY cart_id, cart_version HAVING count(*) > 1`,

  'a cart has one item per product, of 1 to 999': `
    SELECT cart_id FROM cart_items GROUP BY cart_id, product_id
    HAVING count(*) > 1 OR min(quantity) < 1 OR max(quantity) > 999`,

  'an order goes only where its state machine leads': `
    SELECT order_id FROM (
      SELECT order_id, kind, from_status, to_status,
        lag(to_status, 1, CASE kind WHEN 'payment' THEN 'unpaid' END)
          OVER (PARTITION BY order_id, kind ORDER BY seq) AS was
      FROM order_events
    ) e
    WHERE from_status IS DISTINCT FROM was
      OR (kind, coalesce(from_status, ''), to_status) NOT IN (
        ('status', '', 'pending'), ('status', 'pending', 'processing'), ('status', 'pending', 'cancelled'),
        ('status', 'processing', 'shipped'), ('status', 'processing', 'cancelled'), ('status', 'shipped', 'delivered'),
        ('payment', 'unpaid', 'paid'), ('payment', 'paid', 'refunded'))`,

  'an order is where its history ends': `
    SELECT o.id FROM orders o
    LEFT JOIN LATERAL (
      SELECT to_status FROM order_events WHERE order_id = o.id AND kind = 'status' ORDER BY seq DESC LIMIT 1
    ) s ON true
    LEFT JOIN LATERAL (
      SELECT to_status FROM order_events WHERE order_id = o.id AND kind = 'payment' ORDER BY seq DESC LIMIT 1
    ) p ON true
    WHERE s.to_status IS DISTINCT FROM o.status OR coalesce(p.to_status, 'unpaid') <> o.payment_status`,

  'the images of a product are numbered from 0 without gaps': `
    SELECT product_id FROM product_images
    GROUP BY product_id HAVING min(position) <> 0 OR max(position) <> count(*) - 1`,

  'a session has at most one live refresh token': `
    SELECT session_id FROM refresh_tokens WHERE used_at IS NULL GROUP BY session_id HAVING count(*) > 1`,

  'an e-mail belongs to one user': `
    SELECT min(id::text) FROM users WHERE email IS NOT NULL
    GROUP BY lower(normalize(email, NFKC)) HAVING count(*) > 1`,
};

/** The invariants that do not hold: none, unless something is wrong. */
export async function brokenInvariants(dataSource: DataSource): Promise<string[]> {
  const broken: string[] = [];
  for (const [sentence, sql] of Object.entries(INVARIANTS)) {
    const found = await dataSource.query<unknown[]>(sql);
    if (found.length > 0) broken.push(`${sentence}: ${JSON.stringify(found.slice(0, 3))}`);
  }
  return broken;
}
