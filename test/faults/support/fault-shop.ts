import type { ApiClient, Json } from '../../support/api-client';
import { PASSWORD, unique } from '../../support/shop';
import { BuiltServer } from './built-server';
import { createFaultDatabase, type FaultDatabase } from './database';

/** More than a crowd can buy, and known, so that what is left tells what was sold. */
export const STOCK = 1_000_000;

/** The things of a shop that a crowd buys from, and the server that serves it. */
export interface FaultShop {
  database: FaultDatabase;
  server: BuiltServer;
  admin: ApiClient;
  products: readonly string[];
  couponCode: string;
  close(): Promise<void>;
}

interface FaultShopOptions {
  settings?: Record<string, string>;
  /** Where the server finds the database, when something stands between them. */
  through?: (url: string) => Promise<string>;
}

export async function openFaultShop({ settings, through }: FaultShopOptions = {}): Promise<FaultShop> {
  const database = await createFaultDatabase();
  const server = await BuiltServer.on((await through?.(database.url)) ?? database.url, settings);
  await server.start();
  const admin = await signUp(server.api);
  await database.query(`UPDATE users SET roles = '{ADMIN}' WHERE id = $1`, [admin.id]);
  const products: string[] = [];
  for (let n = 0; n < 6; n++)
    products.push(
      (await create(admin.api, '/products', { name: `Product ${n}`, price: 10, stock: STOCK })).id,
    );
  const coupon = await create(admin.api, '/coupons', { code: `C-${unique()}`, discountPercent: 10 });
  const close = async (): Promise<void> => {
    await server.close();
    await database.drop();
  };
  return { database, server, admin: admin.api, products, couponCode: coupon.code, close };
}

/** A new customer, and the API as they see it. */
export async function signUp(api: ApiClient): Promise<{ id: string; email: string; api: ApiClient }> {
  const email = `person-${unique()}@example.com`;
  const { user, accessToken } = await create(api, '/auth/register', { email, password: PASSWORD });
  return { id: user.id, email, api: api.as(accessToken) };
}

async function create(api: ApiClient, path: string, body: object): Promise<Json> {
  const answer = await api.post(path, body);
  if (answer.status !== 201)
    throw new Error(`Expected 201, got ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}
