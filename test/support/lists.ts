import type { ApiClient, Json } from './api-client';
import type { Shop } from './shop';

/** A list of the API, with rows of which many sort alike. */
export interface TestList {
  path: string;
  /** Whoever may read it. */
  api: ApiClient;
  /** Adds the rows with these numbers. */
  add(from: number, to: number): Promise<unknown>;
  /** Changes what the rows are sorted by. */
  change(ids: readonly string[]): Promise<unknown>;
  remove(ids: readonly string[]): Promise<unknown>;
}

/** What a list can be sorted by; nothing where it has one order. */
export const SORT_FIELDS = {
  users: ['createdAt', 'email'],
  categories: ['position', 'name', 'createdAt'],
  'children of a category': ['name'],
  products: ['price', 'name', 'createdAt'],
  'products of a category': ['price', 'name'],
  'featured products': [],
  orders: [],
  'orders of one customer': [],
  coupons: [],
  redemptions: [],
  'stock movements': [],
  'audit log': [],
} as const;

export type ListName = keyof typeof SORT_FIELDS;

export const LIST_NAMES = Object.keys(SORT_FIELDS) as ListName[];

/** The default order, each field in both directions, and each before another in both directions of both. */
export function sortsOf(list: ListName): string[] {
  const fields: readonly string[] = SORT_FIELDS[list];
  const both = (field = ''): string[] => [field, `-${field}`];
  const pairs = fields.flatMap((field, index) => {
    const next = fields[(index + 1) % fields.length];
    return next === field ? [] : both(field).flatMap((one) => both(next).map((other) => `${one},${other}`));
  });
  return ['', ...[...fields.flatMap(both), ...pairs].map((sort) => `sort=${sort}`)];
}

/** A few microseconds apart, which is less than a JavaScript date can tell. */
const AT = `timestamptz '2026-01-01' + (n * 7 % 5) * interval '1 microsecond'`;
/** Equal but for case, accents and signs, or in other scripts. */
const NAME = `(ARRAY['Élan', 'elan', 'Elan', 'e lan', 'É-lan', 'Zebra', 'ärger', '日本', 'e''lan\\', 'elan'])[1 + n * 3 % 10]`;
const ORDER_COLUMNS = `id, number, user_id, payment_method, currency, subtotal_minor, discount_minor, total_minor,
  shipping_address, billing_address, created_at`;

interface Table {
  table: string;
  /** Inserts the rows $1 to $2 of the scope $3. */
  insert: string;
  /** Assignments that move a row to another place. */
  change: string;
  key?: string;
  /** Takes the rows $1 out of the list; they are deleted unless told. */
  remove?: string;
}

const TABLES = {
  users: {
    table: 'users',
    insert: `INSERT INTO users (id, email, email_key, roles, created_at)
      SELECT gen_random_uuid(), mail, lower(mail), '{CUSTOMER}', ${AT} FROM (
        SELECT n, (ARRAY['zoe', 'Bob', 'émile', 'a.b', 'a-b', 'ab', 'A_B'])[1 + n % 7] || n || '@lists.test' AS mail
          FROM generate_series($1::int, $2::int) n WHERE $3::uuid IS NULL) AS mails`,
    change: `created_at = now(), email_key = 'moved-' || email_key`,
    remove: `UPDATE users SET email = NULL, email_key = NULL, deleted_at = now() WHERE id = ANY ($1::uuid[])`,
  },
  categories: {
    table: 'categories',
    insert: `INSERT INTO categories (id, name, slug, position, parent_id, created_at)
      SELECT gen_random_uuid(), ${NAME}, 'list-' || gen_random_uuid(), n % 3, $3::uuid, ${AT}
        FROM generate_series($1::int, $2::int) n`,
    change: `name = 'Moved', position = 1, created_at = now()`,
  },
  products: {
    table: 'products',
    insert: `INSERT INTO products (id, name, slug, price_minor, currency, featured, category_id, created_at)
      SELECT gen_random_uuid(), ${NAME}, 'list-' || gen_random_uuid(), n * 37 % 5, 'USD', true, $3::uuid, ${AT}
        FROM generate_series($1::int, $2::int) n`,
    change: `name = 'Moved', price_minor = 2, created_at = now()`,
    remove: `UPDATE products SET deleted_at = now(), category_id = NULL WHERE id = ANY ($1::uuid[])`,
  },
  orders: {
    table: 'orders',
    insert: `INSERT INTO orders (${ORDER_COLUMNS})
      SELECT gen_random_uuid(), 'LIST-' || upper(left(md5(random()::text), 16)), $3::uuid, 'paypal', 'USD', 0, 0, 0, '{}', '{}', ${AT}
        FROM generate_series($1::int, $2::int) n`,
    change: `created_at = now()`,
    remove: `UPDATE orders SET deleted_at = now() WHERE id = ANY ($1::uuid[])`,
  },
  coupons: {
    table: 'coupons',
    insert: `INSERT INTO coupons (id, code, currency, discount_basis_points, created_at)
      SELECT gen_random_uuid(), 'LIST-' || upper(left(md5(random()::text), 16)), 'USD', 1000, ${AT}
        FROM generate_series($1::int, $2::int) n WHERE $3::uuid IS NULL`,
    change: `created_at = now()`,
    remove: `UPDATE coupons SET deleted_at = now() WHERE id = ANY ($1::uuid[])`,
  },
  redemptions: {
    table: 'coupon_redemptions',
    insert: `WITH buyer AS (SELECT id FROM users ORDER BY id LIMIT 1), bought AS (
        INSERT INTO orders (${ORDER_COLUMNS})
        SELECT gen_random_uuid(), 'USED-' || n, (SELECT id FROM buyer), 'paypal', 'USD', 0, 0, 0, '{}', '{}', ${AT}
          FROM generate_series($1::int, $2::int) n RETURNING id, number, user_id, created_at)
      INSERT INTO coupon_redemptions (id, coupon_id, user_id, order_id, use_number, amount_minor, currency, redeemed_at)
      SELECT gen_random_uuid(), $3::uuid, user_id, id, substr(number, 6)::int, 0, 'USD', created_at FROM bought`,
    change: `redeemed_at = now()`,
    key: 'order_id',
  },
  movements: {
    table: 'stock_movements',
    insert: `INSERT INTO stock_movements (id, product_id, delta, kind, reason, stock)
      SELECT gen_random_uuid(), $3::uuid, 1, 'adjustment', 'Counted', n FROM generate_series($1::int, $2::int) n`,
    change: `seq = nextval('stock_movements_seq_seq')`,
  },
  audit: {
    table: 'audit_entries',
    insert: `INSERT INTO audit_entries (id, action, resource_type, resource_id, after, created_at)
      SELECT gen_random_uuid(), 'product.updated', 'product', gen_random_uuid(), '{}', ${AT}
        FROM generate_series($1::int, $2::int) n WHERE $3::uuid IS NULL`,
    change: `created_at = now()`,
  },
} as const satisfies Record<string, Table>;

/** Makes the list, empty but for what the shop needs to open. */
export async function openList(name: ListName, shop: Shop): Promise<TestList> {
  const { table, path, api, scope = null } = await PLACES[name](shop);
  return { path, api, ...rowsOf(table, scope, shop) };
}

interface Place {
  table: Table;
  path: string;
  api: ApiClient;
  scope?: string;
}

const PLACES: Record<ListName, (shop: Shop) => Promise<Place> | Place> = {
  users: ({ admin: { api } }) => ({ table: TABLES.users, path: '/users', api }),
  categories: ({ api }) => ({ table: TABLES.categories, path: '/categories', api }),
  'children of a category': async (shop) => {
    const { id } = await shop.category();
    return { table: TABLES.categories, path: `/categories?parentId=${id}`, api: shop.api, scope: id };
  },
  products: ({ api }) => ({ table: TABLES.products, path: '/products', api }),
  'products of a category': async (shop) => {
    const { id } = await shop.category();
    return { table: TABLES.products, path: `/products?category=${id}`, api: shop.api, scope: id };
  },
  'featured products': ({ api }) => ({ table: TABLES.products, path: '/products/featured', api }),
  orders: ({ editor: { id, api } }) => ({ table: TABLES.orders, path: '/orders', api, scope: id }),
  'orders of one customer': async (shop) => {
    const { id, api } = await shop.customer();
    return { table: TABLES.orders, path: '/orders', api, scope: id };
  },
  coupons: ({ admin: { api } }) => ({ table: TABLES.coupons, path: '/coupons', api }),
  redemptions: async (shop) => {
    const { id } = await shop.coupon();
    return { table: TABLES.redemptions, path: `/coupons/${id}/redemptions`, api: shop.admin.api, scope: id };
  },
  'stock movements': async (shop) => {
    const { id } = await shop.product({ stock: 0 });
    const path = `/products/${id}/stock-adjustments`;
    return { table: TABLES.movements, path, api: shop.editor.api, scope: id };
  },
  'audit log': ({ admin: { api } }) => ({ table: TABLES.audit, path: '/audit', api }),
};

function rowsOf(
  { table, insert, change, key = 'id', remove }: Table,
  scope: string | null,
  shop: Shop,
): Pick<TestList, 'add' | 'change' | 'remove'> {
  return {
    add: (from, to) => shop.query(insert, [from, to, scope]),
    change: (ids) => shop.query(`UPDATE ${table} SET ${change} WHERE ${key} = ANY ($1::uuid[])`, [ids]),
    remove: (ids) => shop.query(remove ?? `DELETE FROM ${table} WHERE ${key} = ANY ($1::uuid[])`, [ids]),
  };
}

/** The path with a further parameter. */
export function withQuery(path: string, query: string): string {
  if (query === '') return path;
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

/** What tells the rows of a page apart. Redemptions show their order's id. */
export function idsOf({ data }: Json): string[] {
  return data.map((row: Json) => row.id ?? row.orderId);
}

/** All rows of the list by numbered pages. */
export async function readPages(api: ApiClient, path: string, limit = 100): Promise<string[]> {
  const ids: string[] = [];
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const { body } = await read(api, withQuery(path, `limit=${limit}&page=${page}`));
    ids.push(...idsOf(body));
    pages = body.meta.totalPages;
  }
  return ids;
}

/**
 * All rows of the list from cursor to cursor.
 * @param limits of the pages in turn
 * @param between what happens between two pages
 */
export async function readCursors(
  api: ApiClient,
  path: string,
  limits: readonly number[],
  between: (seen: readonly string[]) => Promise<unknown> = () => Promise.resolve(),
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = '';
  for (let page = 0; cursor !== null; page += 1) {
    const limit = limits[page % limits.length];
    const { body } = await read(api, withQuery(path, `limit=${limit}&cursor=${cursor}`));
    ids.push(...idsOf(body));
    cursor = body.meta.nextCursor;
    if (cursor !== null) await between(ids);
  }
  return ids;
}

async function read(api: ApiClient, path: string): Promise<{ body: Json }> {
  const { status, body } = await api.get(path);
  if (status !== 200) throw new Error(`Expected 200, got ${status} for ${path}: ${JSON.stringify(body)}`);
  return { body };
}
