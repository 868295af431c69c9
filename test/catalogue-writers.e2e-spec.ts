import { Client } from 'pg';
import type { Json } from './support/api-client';
import { atOnce } from './support/answers';
import { orderOf, Shop } from './support/shop';

/*
 * What a write to the catalogue does besides: it raises the generation of the kept answers and keeps the words of the
 * search, without making other writers wait.
 */
describe('a write to the catalogue', () => {
  let shop: Shop;
  let clients: Client[];

  beforeAll(async () => {
    shop = await Shop.open({ hasLooseRows: true });
    clients = [await connect(), await connect()];
  });

  afterAll(async () => {
    for (const client of clients) await client.end();
    await shop.close();
  });

  async function connect(): Promise<Client> {
    const client = new Client({ connectionString: shop.test.databaseUrl });
    await client.connect();
    await client.query(`SET lock_timeout = '1s'`);
    return client;
  }

  async function generation(): Promise<bigint> {
    const [row] = await shop.query<{ sum: string }>('SELECT sum(value)::text AS sum FROM cache_generations');
    return BigInt(row?.sum ?? 0);
  }

  it('never waits for another one that has not ended, and both count', async () => {
    const [lamp, chair] = [await shop.product(), await shop.product()];
    const categories = [await shop.category(), await shop.category()];
    const before = await generation();
    for (const [index, client] of clients.entries()) {
      await client.query('BEGIN');
      const [product, category] = [index ? chair : lamp, categories[index]];
      await client.query('UPDATE products SET price_minor = 99 WHERE id = $1', [product.id]);
      await client.query('UPDATE products SET stock = stock + 1 WHERE id = $1', [product.id]);
      await client.query('UPDATE categories SET position = 9 WHERE id = $1', [category?.id]);
      await client.query('INSERT INTO categories (id, name, slug) VALUES (gen_random_uuid(), $1, $1)', [
        `new-${index}`,
      ]);
    }
    for (const client of [...clients].reverse()) {
      const last = await generation();
      await client.query('COMMIT');
      expect(await generation()).toBeGreaterThan(last);
    }
    expect((await generation()) - before).toBe(8n);
  });

  it('counts with the commit, and not at all when it is rolled back', async () => {
    const { id } = await shop.product();
    await shop.api.get(`/products/${id}`);
    const before = await generation();
    const [client] = clients;
    await client?.query('BEGIN');
    await client?.query(`UPDATE products SET name = 'Never sold' WHERE id = $1`, [id]);
    expect((await shop.api.get(`/products/${id}`)).headers.get('x-cache')).toBe('HIT');
    await client?.query('ROLLBACK');
    expect(await generation()).toBe(before);
    const { headers, body } = await shop.api.get(`/products/${id}`);
    expect([headers.get('x-cache'), body.name]).toEqual(['HIT', expect.not.stringContaining('Never')]);
  });

  it('counts each of many at the same time', async () => {
    const products = await Promise.all(Array.from({ length: 10 }, () => shop.product()));
    const before = await generation();
    const answers = await atOnce(40, (n) =>
      shop.editor.api.post(`/products/${products[n % 10]?.id}/stock-adjustments`, {
        delta: 1,
        reason: 'More',
      }),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect((await generation()) - before).toBe(40n);
  });

  it('brings new words in any order beside another one that brings the same, and the search knows them', async () => {
    const products = [await shop.product(), await shop.product()];
    const words = ['quetzal', 'numbat'];
    for (const client of clients) await client.query('BEGIN');
    for (const order of [words, [...words].reverse()]) {
      for (const [index, client] of clients.entries())
        await client.query('UPDATE products SET name = $2 WHERE id = $1', [
          products[index]?.id,
          order[index],
        ]);
    }
    await clients[0]?.query('ROLLBACK');
    await clients[1]?.query('COMMIT');
    expect((await shop.api.get('/products?q=quetz')).body.data[0].id).toBe(products[1]?.id);
    expect((await shop.api.get('/products/suggest?q=qetzal')).body.data[0].id).toBe(products[1]?.id);
  });

  it('keeps a word once, however many products come to have it', async () => {
    for (const client of clients) {
      await client.query(
        `INSERT INTO products (id, name, slug, price_minor, currency)
         SELECT gen_random_uuid(), 'Pangolin', gen_random_uuid(), 100, 'USD' FROM generate_series(1, 5)`,
      );
    }
    expect(await shop.query(`SELECT word FROM search_words WHERE word = 'pangolin'`)).toHaveLength(1);
  });

  it.each<[string, (product: Json) => Promise<unknown>]>([
    ['a new product', () => shop.product()],
    ['a new name', ({ id }) => edit(id, { name: 'Another name' })],
    ['a new slug', ({ id, slug }) => edit(id, { slug: `${slug}-new` })],
    ['another price', ({ id }) => edit(id, { price: 11 })],
    ['a former price', ({ id }) => edit(id, { compareAtPrice: 15 })],
    ['another currency', ({ id }) => edit(id, { currency: 'EUR' })],
    ['another sku', ({ id, slug }) => edit(id, { sku: `S-${slug}` })],
    ['a description', ({ id }) => edit(id, { description: 'Words' })],
    ['attributes', ({ id }) => edit(id, { attributes: { color: 'red' } })],
    ['a picture of elsewhere', ({ id }) => edit(id, { imageUrl: 'https://img.example/a.jpg' })],
    ['being featured', ({ id }) => edit(id, { featured: true })],
    ['being archived', ({ id }) => edit(id, { status: 'archived' })],
    ['an edited stock', ({ id }) => edit(id, { stock: 3 })],
    ['no change but a version', ({ id }) => edit(id, {})],
    ['a replacement', ({ id }) => shop.editor.api.put(`/products/${id}`, { name: 'Replaced', price: 1 })],
    ['an adjustment', ({ id }) => adjust(id)],
    ['an order', ({ id }) => order(id)],
    ['a cancelled order', async ({ id }) => cancel(await order(id))],
    ['a deleted order', async ({ id }) => shop.admin.api.delete(`/orders/${(await order(id)).id}`)],
    ['a deletion', ({ id }) => shop.editor.api.delete(`/products/${id}`)],
    ['another category', async ({ id }) => edit(id, { categoryId: (await shop.category()).id })],
    ['a new name of the category', ({ category }) => editCategory(category, { name: 'Another name' })],
    [
      'a new slug of the category',
      ({ category }) => editCategory(category, { slug: `${category.slug}-new` }),
    ],
    ['another place of the category', ({ category }) => editCategory(category, { position: 5 })],
    [
      'a move of the category',
      async ({ category }) => editCategory(category, { parentId: (await shop.category()).id }),
    ],
    ['a new category', () => shop.category()],
    ['a deleted category', async () => shop.editor.api.delete(`/categories/${(await shop.category()).id}`)],
    ['an import', ({ sku }) => importStock(sku)],
  ])('makes kept answers worthless by %s', async (_, change) => {
    const { id: categoryId } = await shop.category();
    const product = await shop.product({ categoryId, sku: `SKU-${categoryId.slice(-12)}` });
    await shop.api.get('/products');
    expect((await shop.api.get('/products')).headers.get('x-cache')).toBe('HIT');
    await change(product);
    expect((await shop.api.get('/products')).headers.get('x-cache')).toBe('MISS');
  });

  it('needs no search_path: restoring a dump writes without one', async () => {
    const { id } = await shop.product({ categoryId: (await shop.category()).id });
    const [client] = clients;
    await client?.query(`SET search_path = ''`);
    await client?.query(`UPDATE public.categories SET name = 'Restored'`);
    await client?.query(
      `UPDATE public.products SET name = 'Thylacine', stock = 1, price_minor = 5 WHERE id = $1`,
      [id],
    );
    await client?.query(
      `INSERT INTO public.products (id, name, slug, price_minor, currency)
       SELECT gen_random_uuid(), 'Thylacine', 'thylacine', 100, 'USD'`,
    );
    await client?.query('RESET search_path');
    expect((await shop.api.get('/products?q=thylacine')).body.data).toHaveLength(2);
  });

  it('of stock leaves the row on its page, so that no index is written', async () => {
    await shop.query(
      `INSERT INTO products (id, name, slug, description, price_minor, currency, stock)
       SELECT gen_random_uuid(), 'Thing ' || n, 'thing-' || n, repeat('word ' || n || ' ', 60), 100, 'USD', 9
         FROM generate_series(1, 600) n`,
    );
    await shop.query(`SELECT pg_stat_reset_single_table_counters('products'::regclass)`);
    const [client] = clients;
    // One row in six, as they lie: a page has room for one before what is dead there can be cleared, which waits for
    // whoever reads (a statistics run, say).
    const { rows } = (await client?.query<{ id: string }>(
      `SELECT id FROM products WHERE slug LIKE 'thing-%' AND substr(slug, 7)::int % 6 = 0`,
    )) ?? { rows: [] };
    for (const { id } of rows)
      await client?.query('UPDATE products SET stock = stock - 1, version = version + 1 WHERE id = $1', [id]);
    await client?.query('SELECT pg_stat_force_next_flush()');
    const [counts] = await shop.query(
      `SELECT n_tup_upd::int AS all, n_tup_hot_upd::int AS hot FROM pg_stat_user_tables WHERE relname = 'products'`,
    );
    expect(counts.all).toBeGreaterThanOrEqual(100);
    expect(counts.hot / counts.all).toBeGreaterThan(0.9);
  });

  async function edit(id: string, fields: object): Promise<void> {
    expect((await shop.editor.api.patch(`/products/${id}`, fields)).status).toBe(200);
  }

  async function editCategory({ id }: Json, fields: object): Promise<void> {
    expect((await shop.editor.api.patch(`/categories/${id}`, fields)).status).toBe(200);
  }

  function adjust(id: string): Promise<unknown> {
    return shop.editor.api.post(`/products/${id}/stock-adjustments`, { delta: -1, reason: 'Broken' });
  }

  async function order(id: string): Promise<Json> {
    const customer = await shop.customer();
    const body = orderOf({ items: [{ productId: id, quantity: 1 }] });
    return (await customer.api.post('/orders', body)).body;
  }

  async function cancel({ id }: Json): Promise<void> {
    await shop.api.get('/products');
    expect((await shop.admin.api.post(`/orders/${id}/cancel`)).status).toBe(200);
  }

  async function importStock(sku: string): Promise<void> {
    const file = `sku,name,price,stock\n${sku},Imported,10,7\n`;
    const { body } = await shop.editor.api.post('/products/import', file, { 'Content-Type': 'text/csv' });
    expect(body.updated).toBe(1);
  }
});
