/* The same transactions as the application's, sent by pgbench: what PostgreSQL can do on this machine. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CommandError } from '../scripts/ensure.mjs';
import { inDatabase } from './shop.mjs';

const PRODUCT = (n) => `(SELECT id FROM bench.products WHERE n = ${n})`;
const USER = '(SELECT id FROM bench.users WHERE n = :client_id)';
const ADDRESS = `'{"street": "1 Main Street", "city": "Springfield", "zipCode": "12345", "country": "US"}'`;

const CART_ADD = `
\\set p random(1, :products)
BEGIN;
SELECT id, currency, coupon_id, version FROM carts WHERE user_id = ${USER} FOR UPDATE;
SELECT product_id, quantity FROM cart_items WHERE cart_id = (SELECT id FROM carts WHERE user_id = ${USER})
 ORDER BY created_at, product_id;
SELECT id, sku, name, image_url, price_minor, currency, stock FROM products WHERE id = ${PRODUCT('1 + :p % 10')};
INSERT INTO cart_items (cart_id, product_id, quantity)
SELECT id, ${PRODUCT('1 + :p % 10')}, 1 FROM carts WHERE user_id = ${USER}
    ON CONFLICT (cart_id, product_id) DO UPDATE SET quantity = excluded.quantity;
UPDATE carts SET version = version + 1, updated_at = now() WHERE user_id = ${USER};
SELECT c.id, c.version, c.updated_at, i.product_id, i.quantity, p.name, p.slug, p.sku, p.image_url, p.stock, p.price_minor
  FROM carts c LEFT JOIN cart_items i ON i.cart_id = c.id LEFT JOIN products p ON p.id = i.product_id
 WHERE c.user_id = ${USER} ORDER BY i.created_at, i.product_id;
COMMIT;
`;

const ORDER = (first) => `
\\set p1 ${first}
\\set p2 1 + (:p1 + random(0, :products - 2)) % :products
BEGIN;
SELECT FROM users WHERE id = ${USER} AND is_active FOR KEY SHARE;
SELECT id, sku, name, image_url, price_minor, currency, stock FROM products
 WHERE id IN (${PRODUCT(':p1')}, ${PRODUCT(':p2')}) AND status = 'active' AND deleted_at IS NULL
 ORDER BY id FOR NO KEY UPDATE;
WITH wanted AS (
  SELECT id, sku, name, price_minor, row_number() OVER (ORDER BY id) AS position FROM products
   WHERE id IN (${PRODUCT(':p1')}, ${PRODUCT(':p2')})
), placed AS (
  INSERT INTO orders (id, number, user_id, payment_method, currency, subtotal_minor, discount_minor, total_minor, shipping_address, billing_address)
  SELECT gen_random_uuid(), upper(left(md5(random()::text), 12)), ${USER}, 'credit_card', 'USD',
         sum(price_minor), 0, sum(price_minor), ${ADDRESS}, ${ADDRESS} FROM wanted
  RETURNING id
), listed AS (
  INSERT INTO order_items (id, order_id, product_id, position, sku, name, unit_price_minor, quantity, line_total_minor)
  SELECT gen_random_uuid(), placed.id, wanted.id, position, sku, name, price_minor, 1, price_minor FROM wanted, placed
), begun AS (
  INSERT INTO order_events (id, order_id, kind, to_status, by_user_id)
  SELECT gen_random_uuid(), id, 'status', 'pending', ${USER} FROM placed
)
SELECT id AS order_id FROM placed \\gset
WITH moved AS (
  UPDATE products SET stock = stock - 1, version = version + 1, updated_at = now()
   WHERE id IN (${PRODUCT(':p1')}, ${PRODUCT(':p2')}) AND stock >= 1 RETURNING id, stock
)
INSERT INTO stock_movements (id, product_id, delta, kind, reason, stock, order_id)
SELECT gen_random_uuid(), id, -1, 'order', 'Order', stock, :order_id::uuid FROM moved;
INSERT INTO events (id, type, subject_type, subject_id, data)
VALUES (gen_random_uuid(), 'order.placed', 'order', :order_id::uuid, ${ADDRESS});
COMMIT;
`;

const SCRIPTS = { cartAdd: CART_ADD, order: ORDER('random(1, :products)'), hotOrder: ORDER('1') };

/** Gives the scripts ids that they can draw by number, and each client its user with a cart. */
export async function preparePgbench(databaseUrl, emails) {
  return inDatabase(databaseUrl, async (client) => {
    await client.query(`DROP SCHEMA IF EXISTS bench CASCADE; CREATE SCHEMA bench`);
    await client.query(
      `CREATE TABLE bench.products AS SELECT row_number() OVER (ORDER BY id)::int AS n, id FROM products
        WHERE status = 'active' AND deleted_at IS NULL AND currency = 'USD'`,
    );
    await client.query(
      `CREATE TABLE bench.users AS SELECT n::int - 1 AS n, u.id FROM unnest($1::text[]) WITH ORDINALITY e (email, n)
         JOIN users u ON u.email = e.email`,
      [emails],
    );
    await client.query(`ALTER TABLE bench.products ADD PRIMARY KEY (n); ALTER TABLE bench.users ADD PRIMARY KEY (n);
      INSERT INTO carts (id, user_id) SELECT gen_random_uuid(), id FROM bench.users ON CONFLICT DO NOTHING; ANALYZE`);
    const { rows } = await client.query('SELECT count(*)::int AS count FROM bench.products');
    return rows[0].count;
  });
}

/** Transactions a second, or null where there is no pgbench. */
export async function runPgbench({ script, databaseUrl, products, connections, seconds }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartwright-pgbench-'));
  const file = path.join(folder, `${script}.sql`);
  fs.writeFileSync(file, SCRIPTS[script].replaceAll('\n ', ' '));
  try {
    const args = [
      '-n',
      '-M',
      'prepared',
      '-c',
      connections,
      '-j',
      1,
      '-T',
      seconds,
      '-D',
      `products=${products}`,
      '-f',
      file,
      databaseUrl,
    ];
    const output = await outputOf('pgbench', args.map(String));
    if (output === null) return null;
    const [, tps] = /tps = ([\d.]+)/.exec(output) ?? [];
    if (!tps) throw new CommandError(`pgbench failed:\n${output}`);
    return Number(tps);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function outputOf(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.once('error', () => resolve(null));
    child.once('close', () => resolve(output));
  });
}
