import type { DataSource, EntityManager } from 'typeorm';
import type { Env } from '../src/config/env';
import { seedCategories, seedProducts } from './seed-catalogue';
import { seedCoupons } from './seed-coupons';
import { seedOrders } from './seed-orders';
import { insertUsers, prepareUsers, type PreparedUser } from './seed-users';

/** How many of each were made. */
interface SeedReport {
  users: number;
  categories: number;
  products: number;
  coupons: number;
  orders: number;
}

interface SeedOptions {
  env: Env;
  print: (line: string) => void;
}

/** Any number: the advisory lock that lets one process seed at a time. */
const SEED_LOCK = 727_010;
const DAY = 86_400_000;
const NOTHING: SeedReport = { users: 0, categories: 0, products: 0, coupons: 0, orders: 0 };

/**
 * Makes what is missing of the sample shop, all of it or nothing, and touches nothing that is there: rows are
 * found by e-mail, slug, sku, code and order number. Production gets only the first admin, from SEED_ADMIN_EMAIL
 * and SEED_ADMIN_PASSWORD: no account with a published password, and no sample catalogue or orders.
 * @throws StartupError when that e-mail or password is no good
 */
export async function seedDatabase(dataSource: DataSource, { env, print }: SeedOptions): Promise<SeedReport> {
  const users = await prepareUsers(dataSource, env);
  const report = await dataSource.transaction((tx) => seedMissing(users, env, tx));
  print(describe(report, env));
  return report;
}

async function seedMissing(users: readonly PreparedUser[], env: Env, tx: EntityManager): Promise<SeedReport> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [SEED_LOCK]);
  const now = new Date();
  const opening = new Date(now.getTime() - 400 * DAY);
  if (env.NODE_ENV === 'production') return { ...NOTHING, users: await insertUsers(users, now, tx) };
  return {
    users: await insertUsers(users, opening, tx),
    categories: await seedCategories(opening, tx),
    products: await seedProducts(env.STORE_CURRENCY, opening, tx),
    coupons: await seedCoupons(env.STORE_CURRENCY, opening, tx),
    orders: await seedOrders(now, tx),
  };
}

function describe(report: SeedReport, env: Env): string {
  const made = Object.entries(report).filter(([, count]) => count > 0);
  if (made.length > 0) return `Seeded ${made.map(([what, count]) => `${count} ${what}`).join(', ')}.`;
  const needsAdmin = env.NODE_ENV === 'production' && !(env.SEED_ADMIN_EMAIL && env.SEED_ADMIN_PASSWORD);
  if (needsAdmin) return 'Seeded nothing: set SEED_ADMIN_EMAIL and SEED_ADMIN_PASSWORD for the first admin.';
  return 'The seed was there already: nothing was changed.';
}
