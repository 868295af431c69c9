/*
 * What must never be in the tables of the shop, and how it gets there all the same: with the constraint gone that
 * forbids it, where there is one. For a database with the sample shop.
 */

const without = (table: string, ...constraints: string[]): string =>
  constraints.map((name) => `ALTER TABLE ${table} DROP CONSTRAINT ${name} CASCADE;`).join(' ');

const firstOf = (table: string, where = 'true'): string =>
  `(SELECT id FROM ${table} WHERE ${where} ORDER BY id LIMIT 1)`;
const orderThatIs = (status: string): string => firstOf('orders', `status = '${status}'`);

const PRODUCT = firstOf(
  'products',
  'stock > 5 AND NOT EXISTS (SELECT FROM order_items WHERE product_id = products.id)',
);
const OPEN = orderThatIs('pending');
const PLAIN = firstOf('orders', `coupon_id IS NULL AND status <> 'cancelled'`);
const USED_COUPON = firstOf('coupons', 'usage_count > 0');
const USE = firstOf('coupon_redemptions', 'cancelled_at IS NULL');

/** One more movement of the product, whose stock is to follow. */
const movement = (product: string, delta: number, kind: string, order = 'NULL'): string =>
  `INSERT INTO stock_movements (id, product_id, delta, kind, reason, order_id, stock)
   SELECT gen_random_uuid(), product_id, ${delta}, '${kind}', 'Planted', ${order}, stock + ${delta}
     FROM stock_movements WHERE product_id = ${product} ORDER BY seq DESC LIMIT 1;`;

const item = (order: string, product: string, quantity: number): string =>
  `INSERT INTO order_items (id, order_id, product_id, position, name, unit_price_minor, quantity, line_total_minor)
   VALUES (gen_random_uuid(), ${order}, ${product}, 99, 'Planted', 0, ${quantity}, 0);`;

const step = (order: string, kind: string, from: string | null, to: string): string =>
  `INSERT INTO order_events (id, order_id, kind, from_status, to_status)
   VALUES (gen_random_uuid(), ${order}, '${kind}', ${from === null ? 'NULL' : `'${from}'`}, '${to}');`;

const cart = (...quantities: number[]): string => `
  INSERT INTO carts (id, user_id, currency) VALUES (gen_random_uuid(), ${firstOf('users')}, 'USD');
  INSERT INTO cart_items (cart_id, product_id, quantity)
  SELECT c.id, ${PRODUCT}, quantity FROM carts c, unnest('{${quantities.join()}}'::int[]) quantity;`;

const liveTokens = (count: number): string => `
  INSERT INTO sessions (id, user_id, expires_at) VALUES (gen_random_uuid(), ${firstOf('users')}, now());
  INSERT INTO refresh_tokens (id, session_id, token_hash, expires_at)
  SELECT gen_random_uuid(), s.id, n::text::bytea, now() FROM sessions s, generate_series(1, ${count}) n;`;

const user = (email: string, key: string): string =>
  `INSERT INTO users (id, email, email_key, roles) VALUES (gen_random_uuid(), '${email}', '${key}', '{CUSTOMER}');`;

const images = (...positions: number[]): string => `
  INSERT INTO product_images (id, product_id, width, height, position)
  SELECT gen_random_uuid(), ${PRODUCT}, 1, 1, unnest('{${positions.join()}}'::int[]);`;

const I2_SUM = 'I2 the stock of a product is the sum of its movements';
const I2_EACH = 'I2 each movement tells the stock after it';
const I3 = 'I3 orders took the stock of their items, and gave it back when cancelled';
const I4 = 'I4 total = sum(unit price x quantity) - discount, and 0 <= discount <= subtotal';
const I5_USES = 'I5 a coupon counts its live redemptions, within its limit';
const I5_USER = 'I5 no user redeems a coupon more often than its limit for each';
const I5_ORDER = 'I5 an order has a live redemption exactly while it has a coupon and is not cancelled';
const I6_ITEMS = 'I6 no order is without items, and no item without an order';
const I6_PRODUCT = 'I6 an order has one item per product, of one or more';
const I7_KEY = 'I7 a user has one order per idempotency key, for the 24 hours that a key is kept';
const I7_CART = 'I7 a cart as it stood is ordered once';
const I8 = 'I8 a cart has one item per product, of 1 to 999';
const I8_CART = 'I8 a cart has a currency exactly while it has items, and one owner';
const I9_WALK = 'I9 the history of an order goes only where the state machine leads';
const I9_END = 'I9 an order is where its history ends';
const I10 = 'I10 a session has at most one live refresh token';
const I11 = 'I11 an e-mail belongs to one user, under NFKC and lower case';
const I13 = 'I13 the images of a product are numbered from 0 without gaps';

/** What is wrong, the statements that make it so, and what must be found: no more, no less. */
export const PLANTED: [wrong: string, sql: string, ...found: string[]][] = [
  [
    'a negative stock',
    `${without('products', 'ck_products_stock')} ${without('stock_movements', 'ck_stock_movements_stock')}
     UPDATE products SET stock = -1 WHERE id = ${PRODUCT};
     INSERT INTO stock_movements (id, product_id, delta, kind, reason, stock)
     SELECT gen_random_uuid(), product_id, -1 - stock, 'adjustment', 'Planted', -1 FROM stock_movements
      WHERE product_id = ${firstOf('products', 'stock < 0')} ORDER BY seq DESC LIMIT 1`,
    'I1 no product has negative stock',
  ],
  [
    'a stock that no movement explains',
    `UPDATE products SET stock = stock + 1 WHERE id = ${PRODUCT}`,
    I2_SUM,
  ],
  [
    'a stock without any movement',
    `INSERT INTO products (id, name, slug, price_minor, currency, stock)
     VALUES (gen_random_uuid(), 'New', 'new', 1, 'USD', 1)`,
    I2_SUM,
  ],
  [
    'a movement of no product',
    `${without('stock_movements', 'fk_stock_movements_product_id')}
     INSERT INTO stock_movements (id, product_id, delta, kind, reason, stock)
     VALUES (gen_random_uuid(), gen_random_uuid(), 2, 'initial', 'Planted', 2)`,
    I2_SUM,
  ],
  [
    'a movement that tells another stock',
    'UPDATE stock_movements SET stock = stock + 1 WHERE seq = (SELECT max(seq) FROM stock_movements)',
    I2_EACH,
  ],
  [
    'an order that took no stock',
    `UPDATE stock_movements SET kind = 'adjustment', order_id = NULL WHERE order_id = ${OPEN} AND kind = 'order'`,
    I3,
  ],
  [
    'an order that took stock twice',
    `${without('stock_movements', 'uq_stock_movements_order')}
     INSERT INTO stock_movements (id, product_id, delta, kind, reason, order_id, stock)
     SELECT gen_random_uuid(), product_id, -1, 'order', 'Planted', ${OPEN}, stock - 1
       FROM stock_movements WHERE product_id = ${PRODUCT} ORDER BY seq DESC LIMIT 1;
     UPDATE products SET stock = stock - 1 WHERE id = ${PRODUCT}`,
    I3,
  ],
  [
    'a cancelled order that gave nothing back',
    `UPDATE stock_movements SET kind = 'adjustment', order_id = NULL
      WHERE order_id = ${orderThatIs('cancelled')} AND kind = 'cancellation'`,
    I3,
  ],
  [
    'an order that gave back without being cancelled',
    `${movement(PRODUCT, -1, 'order', OPEN)} ${movement(PRODUCT, 1, 'cancellation', OPEN)}`,
    I3,
  ],
  [
    'a movement of orders without an order',
    `${without('stock_movements', 'ck_stock_movements_order')}
     UPDATE stock_movements SET kind = 'order' WHERE seq = (SELECT min(seq) FROM stock_movements)`,
    I3,
  ],
  [
    'a total that is not the subtotal less the discount',
    `${without('orders', 'ck_orders_total')} UPDATE orders SET total_minor = total_minor + 1 WHERE id = ${OPEN}`,
    I4,
  ],
  [
    'a subtotal that is not that of the items',
    `UPDATE orders SET subtotal_minor = subtotal_minor + 1, total_minor = total_minor + 1 WHERE id = ${OPEN}`,
    I4,
  ],
  [
    'a discount above the subtotal',
    `${without('orders', 'ck_orders_discount')}
     UPDATE orders SET discount_minor = subtotal_minor + 1, total_minor = -1 WHERE id = ${PLAIN}`,
    I4,
  ],
  [
    'a negative discount',
    `${without('orders', 'ck_orders_discount')}
     UPDATE orders SET discount_minor = -1, total_minor = subtotal_minor + 1 WHERE id = ${PLAIN}`,
    I4,
  ],
  [
    'a line total that is not unit price x quantity',
    `${without('order_items', 'ck_order_items_line_total')}
     UPDATE order_items SET line_total_minor = line_total_minor + 1 WHERE id = ${firstOf('order_items')}`,
    I4,
  ],
  [
    'a coupon that counts a use too many',
    `UPDATE coupons SET usage_count = usage_count + 1, usage_limit = NULL WHERE id = ${USED_COUPON}`,
    I5_USES,
  ],
  [
    'a coupon above its limit',
    `${without('coupons', 'ck_coupons_usage_count', 'ck_coupons_limits')}
     UPDATE coupons SET usage_limit = usage_count - 1 WHERE id = ${USED_COUPON}`,
    I5_USES,
  ],
  [
    'a coupon above its limit for a user',
    `${without('coupons', 'ck_coupons_limits')}
     UPDATE coupons SET usage_limit_per_user = 0 WHERE id = ${USED_COUPON}`,
    I5_USER,
  ],
  [
    'a use that an order gave back and still has',
    `UPDATE coupon_redemptions SET cancelled_at = now() WHERE id = ${USE}`,
    I5_USES,
    I5_ORDER,
  ],
  [
    'a coupon that an order has not redeemed',
    `UPDATE orders SET coupon_id = ${USED_COUPON}, coupon_code = 'PLANTED' WHERE id = ${PLAIN}`,
    I5_ORDER,
  ],
  [
    'a redemption by somebody else',
    `UPDATE coupon_redemptions r SET user_id = (SELECT id FROM users WHERE id <> r.user_id LIMIT 1) WHERE id = ${USE}`,
    I5_ORDER,
  ],
  [
    'a redemption of another amount',
    `UPDATE coupon_redemptions SET amount_minor = amount_minor + 1 WHERE id = ${USE}`,
    I5_ORDER,
  ],
  [
    'an order without items',
    `INSERT INTO orders (id, number, user_id, payment_method, currency, subtotal_minor, discount_minor, total_minor,
       shipping_address, billing_address)
     VALUES ('00000000-0000-7000-8000-000000000000', 'PLANTED', ${firstOf('users')}, 'paypal', 'USD', 0, 0, 0, '{}', '{}');
     ${step(`'00000000-0000-7000-8000-000000000000'`, 'status', null, 'pending')}`,
    I6_ITEMS,
  ],
  [
    'an item without an order',
    `${without('order_items', 'fk_order_items_order_id')} ${item('gen_random_uuid()', PRODUCT, 1)}`,
    I6_ITEMS,
  ],
  [
    'two items of one product',
    `${without('order_items', 'uq_order_items_product')}
     INSERT INTO order_items SELECT gen_random_uuid(), order_id, product_id, 99, sku, name, image_url, 0, quantity, 0
       FROM order_items ORDER BY id LIMIT 1`,
    I6_PRODUCT,
  ],
  [
    'an item of none',
    `${without('order_items', 'ck_order_items_quantity')} ${item(OPEN, PRODUCT, 0)}`,
    I6_PRODUCT,
  ],
  [
    'two orders under one key',
    `UPDATE orders SET idempotency_key = 'one', user_id = ${firstOf('users')}, created_at = now()
      WHERE id IN (SELECT id FROM orders WHERE coupon_id IS NULL ORDER BY id LIMIT 2)`,
    I7_KEY,
  ],
  [
    'two orders of one cart as it stood',
    `${without('orders', 'uq_orders_cart')}
     UPDATE orders SET cart_id = id, cart_version = 1;
     UPDATE orders SET cart_id = ${OPEN} WHERE id = ${orderThatIs('shipped')}`,
    I7_CART,
  ],
  ['a cart item of none', `${without('cart_items', 'ck_cart_items_quantity')} ${cart(0)}`, I8],
  ['a cart item of a thousand', `${without('cart_items', 'ck_cart_items_quantity')} ${cart(1000)}`, I8],
  [
    'an empty cart with a currency',
    `INSERT INTO carts (id, user_id, currency) VALUES (gen_random_uuid(), ${firstOf('users')}, 'USD')`,
    I8_CART,
  ],
  ['two cart items of one product', `${without('cart_items', 'pk_cart_items')} ${cart(1, 2)}`, I8],
  [
    'a step that the state machine has not',
    `${step(OPEN, 'status', 'pending', 'shipped')}
     UPDATE orders SET status = 'shipped' WHERE id = ${OPEN}`,
    I9_WALK,
  ],
  [
    'a payment that skips a step',
    `UPDATE orders SET payment_status = 'refunded' WHERE id = ${firstOf('orders', `payment_status = 'unpaid'`)};
     ${step(firstOf('orders', `payment_status = 'refunded' AND NOT EXISTS (SELECT FROM order_events e WHERE e.order_id = orders.id AND kind = 'payment')`), 'payment', 'unpaid', 'refunded')}`,
    I9_WALK,
  ],
  [
    'a step from where the order was not',
    `UPDATE order_events SET from_status = 'shipped' WHERE order_id = ${orderThatIs('cancelled')} AND to_status = 'cancelled'`,
    I9_WALK,
  ],
  [
    'a history without its beginning',
    `DELETE FROM order_events WHERE order_id = ${orderThatIs('shipped')} AND from_status IS NULL`,
    I9_WALK,
  ],
  [
    'an order that moved without history',
    `UPDATE orders SET status = 'processing' WHERE id = ${OPEN}`,
    I9_END,
  ],
  [
    'a payment without history',
    `UPDATE orders SET payment_status = 'paid' WHERE id = ${firstOf('orders', `payment_status = 'unpaid'`)}`,
    I9_END,
  ],
  ['an order without history', `DELETE FROM order_events WHERE order_id = ${OPEN}`, I9_END],
  ['two live refresh tokens', `DROP INDEX uq_refresh_tokens_live; ${liveTokens(2)}`, I10],
  ['one e-mail in two cases', `${user('änn@example.test', 'a')} ${user('ÄNN@example.test', 'b')}`, I11],
  ['one e-mail in two forms', `${user('ﬁne@example.test', 'a')} ${user('fine@example.test', 'b')}`, I11],
  ['one e-mail with a Kelvin sign', `${user('K@example.test', 'a')} ${user('k@example.test', 'b')}`, I11],
  ['images that begin at 1', images(1), I13],
  ['images with a gap', images(0, 2), I13],
  [
    'two images in one place',
    `${without('product_images', 'uq_product_images_position')} ${images(0, 0, 2)}`,
    I13,
  ],
];
