/** What is true of the tables at any instant: the statement finds the rows that break it. */
export interface Invariant {
  /** By what people call it. Several statements may share one. */
  number: string;
  sentence: string;
  /** Reads each table once and compares whole sets, so that it ends in time on large tables. */
  sql: string;
}

/** Of I1 to I12, all that the tables can tell; I12 compares them with what HTTP answers, so it has no statement. */
export const INVARIANTS: readonly Invariant[] = [
  {
    number: 'I1',
    sentence: 'no product has negative stock',
    sql: 'SELECT id AS product, stock FROM products WHERE stock < 0',
  },
  {
    number: 'I2',
    sentence: 'the stock of a product is the sum of its movements',
    sql: `
      SELECT coalesce(p.id, m.product_id) AS product, p.stock, m.moved
      FROM products p
      FULL JOIN (SELECT product_id, sum(delta) AS moved FROM stock_movements GROUP BY product_id) m
        ON m.product_id = p.id
      WHERE coalesce(p.stock, 0) <> coalesce(m.moved, 0)`,
  },
  {
    number: 'I2',
    sentence: 'each movement tells the stock after it',
    sql: `
      SELECT id AS movement, product_id AS product, stock, moved
      FROM (
        SELECT id, product_id, stock, sum(delta) OVER (PARTITION BY product_id ORDER BY seq) AS moved
        FROM stock_movements
      ) m
      WHERE stock <> moved`,
  },
  {
    number: 'I3',
    sentence: 'orders took the stock of their items, and gave it back when cancelled',
    sql: `
      SELECT order_id AS "order", product_id AS product, status, quantity, taken, returned
      FROM (
        SELECT order_id, product_id,
          -sum(delta) FILTER (WHERE kind <> 'cancellation') AS taken,
          sum(delta) FILTER (WHERE kind = 'cancellation') AS returned
        FROM stock_movements
        WHERE order_id IS NOT NULL OR kind IN ('order', 'cancellation')
        GROUP BY order_id, product_id
      ) m
      FULL JOIN (
        SELECT i.order_id, i.product_id, i.quantity, o.status
        FROM order_items i JOIN orders o ON o.id = i.order_id
      ) i USING (order_id, product_id)
      WHERE coalesce(taken, 0) <> coalesce(quantity, 0)
        OR coalesce(returned, 0) <> CASE status WHEN 'cancelled' THEN quantity ELSE 0 END`,
  },
  {
    number: 'I4',
    sentence: 'total = sum(unit price x quantity) - discount, and 0 <= discount <= subtotal',
    sql: `
      SELECT o.id AS "order", i.items, o.subtotal_minor, o.discount_minor, o.total_minor
      FROM orders o
      LEFT JOIN (
        SELECT order_id, sum(unit_price_minor::numeric * quantity) AS items, sum(line_total_minor) AS line_totals
        FROM order_items GROUP BY order_id
      ) i ON i.order_id = o.id
      WHERE o.subtotal_minor <> coalesce(i.items, 0) OR i.line_totals <> i.items
        OR o.total_minor <> o.subtotal_minor - o.discount_minor
        OR o.discount_minor NOT BETWEEN 0 AND o.subtotal_minor`,
  },
  {
    number: 'I5',
    sentence: 'a coupon counts its live redemptions, within its limit',
    sql: `
      SELECT c.id AS coupon, c.usage_count, coalesce(r.uses, 0) AS redemptions, c.usage_limit
      FROM coupons c
      LEFT JOIN (
        SELECT coupon_id, count(*) AS uses FROM coupon_redemptions WHERE cancelled_at IS NULL GROUP BY coupon_id
      ) r ON r.coupon_id = c.id
      WHERE c.usage_count <> coalesce(r.uses, 0) OR c.usage_count > c.usage_limit`,
  },
  {
    number: 'I5',
    sentence: 'no user redeems a coupon more often than its limit for each',
    sql: `
      SELECT c.id AS coupon, r.user_id AS "user", r.uses, c.usage_limit_per_user
      FROM coupons c
      JOIN (
        SELECT coupon_id, user_id, count(*) AS uses FROM coupon_redemptions
        WHERE cancelled_at IS NULL GROUP BY coupon_id, user_id
      ) r ON r.coupon_id = c.id
      WHERE r.uses > c.usage_limit_per_user`,
  },
  {
    number: 'I5',
    sentence: 'an order has a live redemption exactly while it has a coupon and is not cancelled',
    sql: `
      SELECT o.id AS "order", o.status, o.coupon_id AS coupon, r.id AS redemption
      FROM orders o
      LEFT JOIN coupon_redemptions r ON r.order_id = o.id AND r.cancelled_at IS NULL
      WHERE (r.id IS NOT NULL) <> (o.coupon_id IS NOT NULL AND o.status <> 'cancelled')
        OR r.coupon_id <> o.coupon_id OR r.user_id <> o.user_id OR r.amount_minor <> o.discount_minor`,
  },
  {
    number: 'I6',
    sentence: 'no order is without items, and no item without an order',
    sql: `
      SELECT o.id AS "order", i.order_id AS "order of items"
      FROM orders o
      FULL JOIN (SELECT DISTINCT order_id FROM order_items) i ON i.order_id = o.id
      WHERE o.id IS NULL OR i.order_id IS NULL`,
  },
  {
    number: 'I6',
    sentence: 'an order has one item per product, of one or more',
    sql: `
      SELECT order_id AS "order", product_id AS product, count(*) AS items, min(quantity) AS quantity
      FROM order_items GROUP BY order_id, product_id HAVING count(*) > 1 OR min(quantity) < 1`,
  },
  {
    number: 'I7',
    sentence: 'a user has one order per idempotency key, for the 24 hours that a key is kept',
    sql: `
      SELECT user_id AS "user", id AS "order", earlier
      FROM (
        SELECT user_id, id, created_at - lag(created_at) OVER of_key AS apart, lag(id) OVER of_key AS earlier
        FROM orders WHERE idempotency_key IS NOT NULL
        WINDOW of_key AS (PARTITION BY user_id, idempotency_key ORDER BY created_at)
      ) o
      WHERE apart < interval '24 hours'`,
  },
  {
    number: 'I7',
    sentence: 'a cart as it stood is ordered once',
    sql: `
      SELECT cart_id AS cart, cart_version, array_agg(id) AS orders
      FROM orders WHERE cart_id IS NOT NULL GROUP BY cart_id, cart_version HAVING count(*) > 1`,
  },
  {
    number: 'I8',
    sentence: 'a cart has one item per product, of 1 to 999',
    sql: `
      SELECT cart_id AS cart, product_id AS product, array_agg(quantity) AS quantities
      FROM cart_items GROUP BY cart_id, product_id
      HAVING count(*) > 1 OR min(quantity) < 1 OR max(quantity) > 999`,
  },
  {
    number: 'I8',
    sentence: 'a cart has a currency exactly while it has items, and one owner',
    sql: `
      SELECT c.id AS cart, c.currency, i.items, c.user_id AS "user", c.token_hash IS NOT NULL AS is_of_guest
      FROM carts c
      LEFT JOIN (SELECT cart_id, count(*) AS items FROM cart_items GROUP BY cart_id) i ON i.cart_id = c.id
      WHERE (c.currency IS NULL) <> (i.items IS NULL) OR (c.user_id IS NULL) = (c.token_hash IS NULL)`,
  },
  {
    number: 'I9',
    sentence: 'the history of an order goes only where the state machine leads',
    sql: `
      SELECT order_id AS "order", kind, was, from_status, to_status
      FROM (
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
  },
  {
    number: 'I9',
    sentence: 'an order is where its history ends',
    sql: `
      SELECT o.id AS "order", o.status, e.ends AS history, o.payment_status, e.payment_ends AS payment_history
      FROM orders o
      LEFT JOIN (
        SELECT order_id, max(to_status) FILTER (WHERE kind = 'status') AS ends,
          max(to_status) FILTER (WHERE kind = 'payment') AS payment_ends
        FROM (
          SELECT DISTINCT ON (order_id, kind) order_id, kind, to_status
          FROM order_events ORDER BY order_id, kind, seq DESC
        ) newest
        GROUP BY order_id
      ) e ON e.order_id = o.id
      WHERE o.status IS DISTINCT FROM e.ends OR o.payment_status <> coalesce(e.payment_ends, 'unpaid')`,
  },
  {
    number: 'I10',
    sentence: 'a session has at most one live refresh token',
    sql: `
      SELECT session_id AS session, array_agg(id) AS tokens
      FROM refresh_tokens WHERE used_at IS NULL GROUP BY session_id HAVING count(*) > 1`,
  },
  {
    number: 'I11',
    sentence: 'an e-mail belongs to one user, under NFKC and lower case',
    sql: `
      SELECT array_agg(id) AS users
      FROM users WHERE email IS NOT NULL
      GROUP BY lower(normalize(email, NFKC) COLLATE "und-x-icu") HAVING count(*) > 1`,
  },
  {
    number: 'I13',
    sentence: 'the images of a product are numbered from 0 without gaps',
    sql: `
      SELECT product_id AS product, array_agg(position ORDER BY position) AS positions
      FROM product_images GROUP BY product_id
      HAVING min(position) <> 0 OR max(position) <> count(*) - 1 OR count(DISTINCT position) <> count(*)`,
  },
];
