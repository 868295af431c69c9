import { randomUUID } from 'node:crypto';
import type { Answer, Json } from './support/api-client';
import { Shop, unique } from './support/shop';
import { statementsOf } from './support/statements';

describe('the list of products', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  afterAll(() => shop.close());

  const namesOf = ({ status, body }: Answer<Json>): string[] => {
    expect(status).toBe(200);
    return body.data.map(({ name }: Json) => name);
  };

  /** A category to list, so that other tests' products stay out of the way. */
  async function shelf(...products: Record<string, unknown>[]): Promise<string> {
    const { id } = await shop.category();
    for (const product of products) await shop.product({ categoryId: id, ...product });
    return `/products?category=${id}`;
  }

  describe('filters', () => {
    let path: string;

    beforeAll(async () => {
      path = await shelf(
        { name: 'Cheap', price: 5, stock: 0, featured: true },
        { name: 'Middle', price: 19.99, stock: 1 },
        { name: 'Dear', price: 100, stock: 2 },
        { name: 'Yen', price: 1200, currency: 'JPY', stock: 3 },
        { name: 'Draft', status: 'draft' },
        { name: 'Archived', status: 'archived' },
      );
    });

    const list = async (query: string): Promise<string[]> =>
      namesOf(await shop.api.get(`${path}&sort=createdAt${query}`));

    it('shows active products only', async () => {
      expect(await list('')).toEqual(['Cheap', 'Middle', 'Dear', 'Yen']);
    });

    it.each([
      ['&minPrice=19.99', ['Middle', 'Dear']],
      ['&minPrice=20', ['Dear']],
      ['&maxPrice=19.99', ['Cheap', 'Middle']],
      ['&maxPrice=19.98', ['Cheap']],
      ['&minPrice=5&maxPrice=5', ['Cheap']],
      ['&minPrice=0', ['Cheap', 'Middle', 'Dear']],
      ['&minPrice=50&maxPrice=20', []],
      ['&minPrice=1200&currency=JPY', ['Yen']],
      ['&maxPrice=1199&currency=JPY', []],
      ['&currency=JPY', ['Yen']],
      ['&currency=USD', ['Cheap', 'Middle', 'Dear']],
      ['&currency=EUR', []],
      ['&inStock=true', ['Middle', 'Dear', 'Yen']],
      ['&inStock=false', ['Cheap']],
      ['&featured=true', ['Cheap']],
      ['&featured=false', ['Middle', 'Dear', 'Yen']],
      ['&inStock=true&maxPrice=50&featured=false', ['Middle']],
    ])('narrows with %s', async (query, expected) => {
      expect(await list(query)).toEqual(expected);
    });

    it.each([
      ['minPrice', 'minPrice=1.999'],
      ['maxPrice', 'maxPrice=1.5&currency=JPY'],
      ['minPrice', 'minPrice=-1'],
      ['minPrice', 'minPrice=0x10'],
      ['maxPrice', 'maxPrice=1e3'],
      ['maxPrice', 'maxPrice=100000000'],
      ['currency', 'currency=usd'],
      ['currency', 'currency=XXX'],
      ['inStock', 'inStock=1'],
      ['featured', 'featured='],
      ['sort', 'sort=stock'],
      ['sort', 'sort=name,id'],
      ['sort', 'sort=--name'],
      ['sort', 'sort=name,-name'],
      ['sort', 'sort=relevance,price,relevance'],
      ['q', `q=${'x'.repeat(201)}`],
      ['page', 'page=0'],
      ['page', 'page=1.5'],
      ['cursor', 'cursor=x'],
      ['cursor', 'cursor=&page=1'],
      ['limit', 'limit=0'],
      ['limit', 'limit=101'],
      ['colour', 'colour=red'],
      ['page', 'page=1&page=2'],
      ['q', 'q=a%00b'],
    ])('refuses a bad %s: %s', async (field, query) => {
      const { status, body, headers } = await shop.api.get(`/products?${query}`);
      expect(status).toBe(422);
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(body).toMatchObject({ code: 'validation_failed', errors: [{ field }] });
    });

    it('lets staff, and only staff, filter by status', async () => {
      for (const { api } of [shop.editor, shop.admin]) {
        expect(namesOf(await api.get(`${path}&status=draft`))).toEqual(['Draft']);
        expect(namesOf(await api.get(`${path}&status=archived`))).toEqual(['Archived']);
        expect(namesOf(await api.get(`${path}&sort=createdAt`))).toEqual(['Cheap', 'Middle', 'Dear', 'Yen']);
        expect((await api.get(`${path}&status=sold`)).status).toBe(422);
      }
      const customer = await shop.customer();
      for (const api of [shop.api, customer.api]) {
        const { status, body } = await api.get(`${path}&status=active`);
        expect(status).toBe(422);
        expect(body.errors).toEqual([expect.objectContaining({ field: 'status' })]);
      }
    });
  });

  it('lists a category by id or slug, with its descendants, and nothing for an unknown one', async () => {
    const root = await shop.category();
    const child = await shop.category({ parentId: root.id });
    const leaf = await shop.category({ parentId: child.id });
    await shop.product({ name: 'In root', categoryId: root.id });
    await shop.product({ name: 'In leaf', categoryId: leaf.id });
    await shop.product({ name: 'Elsewhere' });
    const list = async (category: string): Promise<string[]> =>
      namesOf(await shop.api.get(`/products?sort=name&category=${category}`));
    for (const category of [root.id, root.slug, root.id.toUpperCase()]) {
      expect(await list(category)).toEqual(['In leaf', 'In root']);
    }
    expect(await list(child.slug)).toEqual(['In leaf']);
    for (const category of [randomUUID(), 'no-such-category', '%25', ''])
      expect(await list(category)).toEqual([]);
  });

  it.each([
    ['price', ['B', 'A', 'C', 'D']],
    ['-price', ['D', 'C', 'A', 'B']],
    ['name', ['A', 'B', 'C', 'D']],
    ['-name', ['D', 'C', 'B', 'A']],
    ['createdAt', ['C', 'A', 'D', 'B']],
    ['-createdAt', ['B', 'D', 'A', 'C']],
    ['relevance', ['B', 'D', 'A', 'C']],
    ['relevance,name', ['A', 'B', 'C', 'D']],
    ['', ['B', 'D', 'A', 'C']],
  ])('sorts by %p', async (sort, expected) => {
    const path = await shelf(
      { name: 'C', price: 3 },
      { name: 'A', price: 2 },
      { name: 'D', price: 10 },
      { name: 'B', price: 1.5 },
    );
    expect(namesOf(await shop.api.get(`${path}${sort && `&sort=${sort}`}`))).toEqual(expected);
  });

  it('sorts by the next field where the first is the same', async () => {
    const path = await shelf({ name: 'A', price: 2 }, { name: 'C', price: 1 }, { name: 'B', price: 2 });
    expect(namesOf(await shop.api.get(`${path}&sort=-price,name`))).toEqual(['A', 'B', 'C']);
    expect(namesOf(await shop.api.get(`${path}&sort=-price,-name`))).toEqual(['B', 'A', 'C']);
  });

  describe('pages', () => {
    let path: string;

    beforeAll(async () => {
      path = await shelf(...['A', 'B', 'C', 'D', 'E'].map((name) => ({ name, price: 1 })));
    });

    it('shows each product once, also where all sort alike', async () => {
      const pages = await Promise.all(
        [1, 2, 3].map((page) => shop.api.get(`${path}&sort=price&limit=2&page=${page}`)),
      );
      expect(pages.flatMap(namesOf).sort()).toEqual(['A', 'B', 'C', 'D', 'E']);
      expect(pages[2]?.body.meta).toEqual({ page: 3, limit: 2, totalItems: 5, totalPages: 3 });
    });

    it('links to the first, previous, next and last page', async () => {
      const { headers } = await shop.api.get(`${path}&limit=2&page=2&sort=-price,name`);
      const links = new Map(
        (headers.get('link') ?? '').split(', ').map((link) => {
          const [, target = '', relation = ''] = /^<(.+)>; rel="(\w+)"$/.exec(link) ?? [];
          return [relation, new URL(target, 'http://shop')];
        }),
      );
      expect([...links].map(([relation, url]) => [relation, url.searchParams.get('page')])).toEqual([
        ['first', '1'],
        ['prev', '1'],
        ['next', '3'],
        ['last', '3'],
      ]);
      const next = links.get('next');
      expect(namesOf(await shop.api.get(`${next?.pathname.slice(4)}${next?.search}`))).toEqual(['E']);
    });

    it('is empty past the end', async () => {
      const { status, body, headers } = await shop.api.get(`${path}&page=1000000`);
      expect(status).toBe(200);
      expect(body).toEqual({ data: [], meta: { page: 1_000_000, limit: 20, totalItems: 5, totalPages: 1 } });
      expect(headers.get('link')).not.toContain('rel="next"');
    });

    it('has no pages where nothing is found', async () => {
      const { body } = await shop.api.get(`/products?category=${unique()}`);
      expect(body.meta).toEqual({ page: 1, limit: 20, totalItems: 0, totalPages: 0 });
    });
  });

  it('lists the featured products that are active', async () => {
    const fields = { featured: true, price: 3 };
    const [older, newer] = [await shop.product(fields), await shop.product(fields)];
    await shop.product({ ...fields, status: 'draft' });
    const plain = await shop.product();
    const { status, body, headers } = await shop.api.get('/products/featured?limit=100');
    expect(status).toBe(200);
    const ids = body.data.map(({ id }: Json) => id);
    expect(ids.slice(0, 2)).toEqual([newer.id, older.id]);
    expect(ids).not.toContain(plain.id);
    expect(body.data.every(({ featured, status: is }: Json) => featured && is === 'active')).toBe(true);
    expect(headers.get('link')).toContain('/api/products/featured?limit=100&page=1');
    expect((await shop.api.get('/products/featured?sort=name')).status).toBe(422);
  });

  it('shows in the list what the product itself shows', async () => {
    const { id } = await shop.category();
    const product = await shop.product({
      categoryId: id,
      attributes: { colour: 'red' },
      lowStockThreshold: 3,
    });
    const { body } = await shop.api.get(`/products?category=${id}`);
    expect(body.data).toEqual([(await shop.api.get(`/products/${product.id}`)).body]);
    expect(body.data[0]).not.toHaveProperty('lowStockThreshold');
    expect((await shop.editor.api.get(`/products?category=${id}`)).body.data).toEqual([product]);
  });

  it('asks the database as often for a hundred products as for one', async () => {
    const path = await shelf({ name: 'One' });
    const crowd = await shop.category();
    await shop.query(
      `INSERT INTO products (id, name, slug, price_minor, currency, category_id)
       SELECT gen_random_uuid(), 'Many', 'many-' || n, 100, 'USD', $1 FROM generate_series(1, 100) n`,
      [crowd.id],
    );
    const count = async (url: string): Promise<number> =>
      (await statementsOf(shop, () => shop.api.get(url))).length;
    const one = await count(`${path}&limit=100&q=one`);
    expect(await count(`/products?category=${crowd.id}&limit=100&q=many`)).toBe(one);
    expect(one).toBeGreaterThan(0);
    expect(one).toBeLessThanOrEqual(7);
  });

  it('lets everyone cache what customers see, and nobody what staff see', async () => {
    const customer = await shop.customer();
    for (const path of ['/products', '/products/featured']) {
      for (const api of [shop.api, customer.api]) {
        const { headers } = await api.get(path);
        expect(headers.get('cache-control')).toMatch(/^public, max-age=\d+, stale-while-revalidate=\d+$/);
        expect(headers.get('vary')).toMatch(/authorization/i);
      }
      expect((await shop.editor.api.get(path)).headers.get('cache-control')).toBe('private, no-store');
    }
    const { headers } = await shop.api.get('/products?page=0');
    expect(headers.get('cache-control')).toBe('private, no-store');
  });

  it('says 304 until a listed product, or its category, changes', async () => {
    const { id } = await shop.category();
    const product = await shop.product({ categoryId: id });
    const path = `/products?category=${id}`;
    const changes = [
      () =>
        shop.editor.api.post(`/products/${product.id}/stock-adjustments`, { delta: 1, reason: 'Found one' }),
      () => shop.editor.api.patch(`/categories/${id}`, { name: `Renamed ${unique()}` }),
      () => shop.product({ categoryId: id }),
    ];
    for (const change of changes) {
      const etag = (await shop.api.get(path)).headers.get('etag') ?? '';
      expect(await shop.api.get(path, { 'If-None-Match': etag })).toMatchObject({ status: 304, body: '' });
      await change();
      expect((await shop.api.get(path, { 'If-None-Match': etag })).status).toBe(200);
    }
  });
});
