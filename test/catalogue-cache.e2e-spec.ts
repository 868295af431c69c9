import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, ApiClient, Json } from './support/api-client';
import { startTestApp, type TestApp } from './support/app';
import { formOf, png, sendForm } from './support/pictures';
import { TEST_REDIS_URL } from './support/redis';
import { orderOf, Shop } from './support/shop';

const JWT_SECRET = 'two-instances-sign-with-one-secret-0123456789';

const SETTINGS: [string, Record<string, string>][] = [
  ['in process', { JWT_SECRET }],
  ...(TEST_REDIS_URL
    ? [['in Redis', { JWT_SECRET, REDIS_URL: TEST_REDIS_URL }] as [string, Record<string, string>]]
    : []),
];

describe.each(SETTINGS)('the catalogue, cached %s, on two instances', (_, settings) => {
  let shop: Shop;
  let other: TestApp;
  let here: ApiClient;
  let there: ApiClient;

  beforeAll(async () => {
    shop = await Shop.open({ settings });
    other = await startTestApp({ settings, databaseUrl: shop.test.databaseUrl });
    [here, there] = [shop.api, other.api];
  });

  afterAll(async () => {
    await other.close();
    await shop.close();
  });

  const cacheOf = ({ headers }: Answer<Json>): string | null => headers.get('x-cache');

  it('is made once and then kept, with the same headers and the same words', async () => {
    await shop.product({ name: 'Kept lamp' });
    const first = await here.get('/products?limit=5&page=1');
    const second = await here.get('/products?page=1&limit=5');
    expect([cacheOf(first), cacheOf(second)]).toEqual(['MISS', 'HIT']);
    expect(second.body).toEqual(first.body);
    for (const name of ['etag', 'link', 'content-type', 'vary'])
      expect(second.headers.get(name)).toBe(first.headers.get(name));
    expect(second.headers.get('cache-control')).toBe('public, max-age=30, stale-while-revalidate=60');
    expect(second.headers.get('vary')).toContain('Authorization');
    const etag = second.headers.get('etag') ?? '';
    const third = await here.get('/products?page=1&limit=5', { 'If-None-Match': etag });
    expect([third.status, third.body, third.headers.get('etag')]).toEqual([304, '', etag]);
  });

  it('is the public one for customers, and not kept for staff', async () => {
    const customer = await shop.customer();
    const path = '/categories';
    await here.get(path);
    expect(cacheOf(await customer.api.get(path))).toBe('HIT');
    const staff = await shop.editor.api.get(path);
    expect(cacheOf(staff)).toBeNull();
    expect(staff.headers.get('cache-control')).toBe('private, no-store');
  });

  it('never keeps a refusal', async () => {
    for (const path of ['/products/no-such-lamp', '/products?sort=colour', '/products?page=0']) {
      const answers = [await here.get(path), await here.get(path)];
      expect(answers.map(cacheOf)).toEqual([null, null]);
      expect(answers[1]?.headers.get('cache-control')).toBe('private, no-store');
    }
  });

  it.each([
    ['an edit', async (id: string) => shop.editor.api.patch(`/products/${id}`, { price: 12 })],
    ['a new name of its category', renameCategory],
    ['a stock adjustment', async (id: string) => adjust(id)],
    ['an order', async (id: string) => order(id)],
    ['an image', async (id: string) => upload(id)],
    ['a deletion', async (id: string) => shop.editor.api.delete(`/products/${id}`)],
  ] as [string, (id: string) => Promise<unknown>][])(
    'shows %s with the next read, on both instances, list and product alike',
    async (__, change) => {
      const category = await shop.category();
      const { id, slug } = await shop.product({ categoryId: category.id, name: `Watched ${category.slug}` });
      const paths = [`/products/${id}`, `/products/${slug}`, `/products?category=${category.id}`];
      for (const api of [here, there]) for (const path of paths) await api.get(path);
      const before = await Promise.all(paths.map((path) => there.get(path)));
      expect(before.map(cacheOf)).toEqual(['HIT', 'HIT', 'HIT']);
      await change(id);
      for (const api of [there, here]) {
        const after = await Promise.all(paths.map((path) => api.get(path)));
        for (const [index, answer] of after.entries()) expect(answer.body).not.toEqual(before[index]?.body);
      }
    },
  );

  it('shows a new product in the next search', async () => {
    expect((await there.get('/products?q=phosphorescent')).body.data).toEqual([]);
    const { id } = await shop.product({ name: 'Phosphorescent buoy' });
    for (const api of [there, here])
      expect((await api.get('/products?q=phosphorescent')).body.data[0].id).toBe(id);
  });

  it('is never older than the last write that was answered, while others hammer it', async () => {
    const { id } = await shop.product({ name: 'Contested lamp', price: 1 });
    let isOver = false;
    const hammer = async (api: ApiClient): Promise<number> => {
      let last = 0;
      while (!isOver) {
        const { price } = (await api.get(`/products/${id}`)).body;
        if (price < last) throw new Error(`the price went back from ${last} to ${price}`);
        last = price;
        await api.get('/products?limit=100');
      }
      return last;
    };
    const hammers = [here, there, here, there].map(hammer);
    try {
      for (let price = 2; price <= 40; price++) {
        const [writer, reader] = price % 2 ? [here, there] : [there, here];
        const staff = writer.as(shop.editor.accessToken);
        expect((await staff.patch(`/products/${id}`, { price })).status).toBe(200);
        expect((await reader.get(`/products/${id}`)).body.price).toBe(price);
        const { data } = (await reader.get('/products?limit=100')).body;
        expect(data.find((product: Json) => product.id === id).price).toBe(price);
      }
    } finally {
      isOver = true;
    }
    expect(await Promise.all(hammers)).toHaveLength(4);
  });

  it('makes an answer once, however many ask for it at the same time', async () => {
    await shop.product({ name: 'Crowded lamp' });
    const statements = await countStatements(() =>
      Promise.all(Array.from({ length: 30 }, () => here.get('/products?q=crowded'))),
    );
    expect(statements).toBe(1);
  });

  /** How often the full-text index was asked for a page of products. */
  async function countStatements(work: () => Promise<unknown>): Promise<number> {
    const { dataSource } = shop.test;
    const query = dataSource.query.bind(dataSource);
    let count = 0;
    const spy = jest.spyOn(dataSource, 'query').mockImplementation((async (
      sql: string,
      ...rest: unknown[]
    ) => {
      if (/LIMIT \d+ OFFSET \d+\) p\b/.test(sql)) {
        count += 1;
        await sleep(50);
      }
      return query(sql, ...(rest as []));
    }) as typeof dataSource.query);
    await work();
    spy.mockRestore();
    return count;
  }

  async function renameCategory(id: string): Promise<void> {
    const { category } = (await shop.editor.api.get(`/products/${id}`)).body;
    await shop.editor.api.patch(`/categories/${category.id}`, { name: `${category.name} renamed` });
  }

  function adjust(id: string): Promise<unknown> {
    return shop.editor.api.post(`/products/${id}/stock-adjustments`, { delta: -1, reason: 'Broken' });
  }

  async function upload(id: string): Promise<void> {
    const headers = { Authorization: `Bearer ${shop.editor.accessToken}` };
    const form = formOf({ file: await png() });
    expect((await sendForm(shop.api, `/products/${id}/images`, form, headers)).status).toBe(201);
  }

  async function order(id: string): Promise<void> {
    const customer = await shop.customer();
    const body = orderOf({ items: [{ productId: id, quantity: 1 }] });
    expect((await customer.api.post('/orders', body)).status).toBe(201);
  }
});
