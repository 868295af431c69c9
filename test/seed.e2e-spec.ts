import bcrypt from 'bcrypt';
import { DataSource } from 'typeorm';
import { seedDatabase } from '../seeds/seed-database';
import { seedLargeCatalogue } from '../seeds/seed-large-catalogue';
import { type Env, parseEnv } from '../src/config/env';
import { dataSourceOptions } from '../src/database/data-source-options';
import { createTestDatabase } from './support/database';

const TABLES = ['users', 'categories', 'products', 'stock_movements', 'coupons', 'coupon_redemptions']
  .concat('orders', 'order_items', 'order_events')
  .sort();

const PRODUCTION = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://unused',
  JWT_SECRET: '8f1c0ab7d2e94653a1b8c7d6e5f40312',
  BCRYPT_COST: '10',
  SEED_ADMIN_EMAIL: 'Boss@Shop.test',
  SEED_ADMIN_PASSWORD: 'a long enough one',
};

const quiet = (): void => undefined;

describe('seeding', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let dataSource: DataSource;

  beforeEach(async () => {
    database = await createTestDatabase();
    const options = dataSourceOptions({ url: database.url, poolSize: 2, use: 'command' });
    dataSource = await new DataSource(options).initialize();
  });

  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const seed = (variables: Record<string, string> = {}): ReturnType<typeof seedDatabase> =>
    seedDatabase(dataSource, { env: testEnv(variables), print: quiet });

  /** Every row of every table that the seed writes. */
  async function snapshot(): Promise<Record<string, unknown>> {
    const contents = TABLES.map(async (table) => [
      table,
      await dataSource.query<unknown>(`SELECT * FROM ${table} ORDER BY id`),
    ]);
    return Object.fromEntries(await Promise.all(contents));
  }

  it('fills every screen of the shop', async () => {
    expect(await seed()).toEqual({ users: 3, categories: 12, products: 200, coupons: 6, orders: 11 });
    const statuses = await dataSource.query<{ status: string }[]>(
      'SELECT DISTINCT status FROM orders ORDER BY 1',
    );
    expect(statuses.map(({ status }) => status)).toEqual([
      'cancelled',
      'delivered',
      'pending',
      'processing',
      'shipped',
    ]);
  });

  it('makes accounts that can sign in', async () => {
    await seed();
    const rows = await dataSource.query<{ email_key: string; password_hash: string; roles: string[] }[]>(
      'SELECT email_key, password_hash, roles FROM users WHERE email_verified AND is_active ORDER BY email_key',
    );
    expect(rows.map(({ email_key, roles }) => [email_key, roles])).toEqual([
      ['admin@example.com', ['ADMIN']],
      ['customer@example.com', ['CUSTOMER']],
      ['editor@example.com', ['EDITOR']],
    ]);
    expect(await bcrypt.compare('adminpass123', rows[0]?.password_hash ?? '')).toBe(true);
  });

  it('changes nothing the second time', async () => {
    await seed();
    const before = await snapshot();
    expect(await seed()).toEqual({ users: 0, categories: 0, products: 0, coupons: 0, orders: 0 });
    expect(await snapshot()).toEqual(before);
  });

  it('makes nothing twice when it runs twice at once', async () => {
    const reports = await Promise.all([seed(), seed()]);
    expect(reports.map(({ orders }) => orders).toSorted((a, b) => a - b)).toEqual([0, 11]);
  });

  it('leaves what was edited as it is and brings back what is missing', async () => {
    await seed();
    await dataSource.query(
      `UPDATE products SET name = 'Edited', price_minor = 1, version = 2 WHERE sku = 'CW-HOM-001'`,
    );
    await dataSource.query(
      `UPDATE users SET password_hash = 'changed' WHERE email_key = 'admin@example.com'`,
    );
    await dataSource.query(`DELETE FROM coupons WHERE code = 'SPRING2024'`);
    const before = await snapshot();
    expect(await seed()).toMatchObject({ users: 0, products: 0, coupons: 1, orders: 0 });
    expect({ ...(await snapshot()), coupons: [] }).toEqual({ ...before, coupons: [] });
  });

  it('leaves out an order whose products cannot be had any more', async () => {
    await seed();
    await dataSource.query(
      'TRUNCATE orders, order_items, order_events, coupon_redemptions, stock_movements CASCADE',
    );
    await dataSource.query(`UPDATE products SET stock = 0`);
    await dataSource.query(`UPDATE coupons SET usage_count = 0`);
    expect(await seed()).toMatchObject({ orders: 0 });
  });

  it('prices everything in the currency of the store', async () => {
    await seed({ STORE_CURRENCY: 'EUR' });
    const rows = await dataSource.query<unknown[]>(
      `SELECT DISTINCT currency FROM (SELECT currency FROM products UNION SELECT currency FROM coupons
         UNION SELECT currency FROM orders) all_of_them`,
    );
    expect(rows).toEqual([{ currency: 'EUR' }]);
  });

  it('makes only the first admin in production', async () => {
    const report = await seed(PRODUCTION);
    expect(report).toEqual({ users: 1, categories: 0, products: 0, coupons: 0, orders: 0 });
    const [admin] = await dataSource.query<Record<string, unknown>[]>(
      'SELECT email, email_key, roles FROM users',
    );
    expect(admin).toEqual({ email: 'Boss@Shop.test', email_key: 'boss@shop.test', roles: ['ADMIN'] });
    expect(await seed({ ...PRODUCTION, SEED_ADMIN_EMAIL: 'other@shop.test' })).toMatchObject({ users: 0 });
  });

  it.each([
    ['no e-mail', { SEED_ADMIN_EMAIL: 'boss' }, 'SEED_ADMIN_EMAIL'],
    ['too short', { SEED_ADMIN_PASSWORD: 'short' }, '8 characters'],
    ['too long', { SEED_ADMIN_PASSWORD: 'ü'.repeat(37) }, '72 bytes'],
  ])('refuses a first admin in production whose settings are no good: %s', async (_, variables, words) => {
    await expect(seed({ ...PRODUCTION, ...variables })).rejects.toThrow(words);
  });

  it('makes nobody in production without settings for the admin', async () => {
    expect(await seed({ ...PRODUCTION, SEED_ADMIN_PASSWORD: '' })).toMatchObject({ users: 0 });
  });

  it('fills the catalogue up to any size, once', async () => {
    await seed();
    const fillUp = (size: number): Promise<number> =>
      seedLargeCatalogue(dataSource, { size, currency: 'USD', print: quiet });
    expect(await fillUp(1_300)).toBe(1_100);
    expect(await fillUp(1_300)).toBe(0);
    expect(await fillUp(1_400)).toBe(100);
    const [row] = await dataSource.query<{ count: number }[]>(
      'SELECT count(*)::integer AS count FROM products',
    );
    expect(row?.count).toBe(1_400);
  });
});

function testEnv(variables: Record<string, string>): Env {
  return parseEnv({ NODE_ENV: 'test', BCRYPT_COST: '4', ...variables });
}
