import { randomUUID } from 'node:crypto';
import type { Role } from '../../src/common/auth/authenticated-user';
import type { ApiClient, Json } from './api-client';
import { eventually, startTestApp, type TestApp } from './app';

/** A signed-in user, and the API as they see it. */
export interface Person {
  id: string;
  email: string;
  password: string;
  accessToken: string;
  refreshToken: string;
  api: ApiClient;
}

/** Somebody who is not signed in and has a cart, and the API as they see it. */
export interface Guest {
  token: string;
  api: ApiClient;
}

export const PASSWORD = 'correct horse 42';

export const ADDRESS = {
  fullName: 'Ann Buyer',
  phone: '+1 555 0100',
  street: '1 Harbour Way',
  city: 'Portland',
  state: 'OR',
  zipCode: '97201',
  country: 'US',
};

/** A test application with the people and things of a shop. Factories state only what matters. */
export class Shop {
  private constructor(
    readonly test: TestApp,
    readonly editor: Person,
    readonly admin: Person,
  ) {}

  static async open(options?: Parameters<typeof startTestApp>[0]): Promise<Shop> {
    const test = await startTestApp(options);
    const [editor, admin] = [await signUp(test), await signUp(test)];
    await grant(test, editor, 'EDITOR');
    await grant(test, admin, 'ADMIN');
    return new Shop(test, editor, admin);
  }

  get api(): ApiClient {
    return this.test.api;
  }

  /** A new customer, signed in. */
  customer(fields: Record<string, unknown> = {}): Promise<Person> {
    return signUp(this.test, fields);
  }

  customers(count: number): Promise<Person[]> {
    return fewAtATime(count, () => this.customer());
  }

  /** A guest with these products in the cart. */
  async guest(...items: { productId: string; quantity: number }[]): Promise<Guest> {
    const { token } = created(await this.api.post('/carts'));
    const api = this.api.with({ 'X-Cart-Token': token });
    if (items.length > 0) await api.put('/cart/items', { items });
    return { token, api };
  }

  async category(fields: Record<string, unknown> = {}): Promise<Json> {
    return created(await this.editor.api.post('/categories', { name: `Category ${unique()}`, ...fields }));
  }

  async product(fields: Record<string, unknown> = {}): Promise<Json> {
    return created(
      await this.editor.api.post('/products', {
        name: `Product ${unique()}`,
        price: 10,
        stock: 100,
        ...fields,
      }),
    );
  }

  products(count: number, fields: Record<string, unknown> = {}): Promise<Json[]> {
    return fewAtATime(count, () => this.product(fields));
  }

  async coupon(fields: Record<string, unknown> = {}): Promise<Json> {
    const discount = 'discountAmount' in fields ? {} : { discountPercent: 10 };
    return created(await this.admin.api.post('/coupons', { code: `C-${unique()}`, ...discount, ...fields }));
  }

  /** An order of these items by the person. */
  async order(
    person: Person,
    items: { productId: string; quantity: number }[],
    fields: object = {},
  ): Promise<Json> {
    return created(await person.api.post('/orders', orderOf({ items, ...fields })));
  }

  /** The rows of a query, from outside the application's pool of connections. */
  query<T = Json>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return this.test.owner.query<T[]>(sql, parameters);
  }

  /** Waits until some session waits for a lock that another one holds. */
  someoneWaits(): Promise<void> {
    const sql = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return eventually(async () => (await this.query(sql)).length > 0);
  }

  close(): Promise<void> {
    return this.test.close();
  }
}

/** The body that places an order. */
export function orderOf(fields: object = {}): object {
  return { shippingAddress: ADDRESS, paymentMethod: 'credit_card', ...fields };
}

export function unique(): string {
  return randomUUID().slice(0, 8);
}

/** Three: each takes a connection of the shop, and to open one takes longer than to wait for it. */
async function fewAtATime<T>(count: number, make: () => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  while (made.length < count) {
    const missing = Math.min(3, count - made.length);
    made.push(...(await Promise.all(Array.from({ length: missing }, make))));
  }
  return made;
}

async function signUp(test: TestApp, fields: Record<string, unknown> = {}): Promise<Person> {
  const email = `person-${unique()}@example.com`;
  const body = created(await test.api.post('/auth/register', { email, password: PASSWORD, ...fields }));
  const { user, accessToken, refreshToken } = body;
  return {
    id: user.id,
    email: user.email,
    password: PASSWORD,
    accessToken,
    refreshToken,
    api: test.api.as(accessToken),
  };
}

async function grant({ owner }: TestApp, { id }: Person, role: Role): Promise<void> {
  await owner.query('UPDATE users SET roles = $2 WHERE id = $1', [id, [role]]);
}

function created({ status, body }: { status: number; body: Json }): Json {
  if (status !== 201) throw new Error(`Expected 201, got ${status}: ${JSON.stringify(body)}`);
  return body;
}
