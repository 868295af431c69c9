import type { Json } from './support/api-client';
import { expectInvalid } from './support/answers';
import { Shop } from './support/shop';

const COLORS = ['red', 'green', 'blue', 'grey'];

describe('the facets of a product list', () => {
  let shop: Shop;
  let root: Json;

  beforeAll(async () => {
    shop = await Shop.open();
    root = await shop.category({ name: 'Household' });
    const kitchen = await shop.category({ name: 'Kitchen', parentId: root.id });
    const categories = [root, kitchen, await shop.category({ name: 'Garden' }), null];
    for (let n = 0; n < 60; n++) {
      await shop.product({
        name: n % 3 === 0 ? `Copper thing ${n}` : `Thing ${n}`,
        price: ((n * 37) % 50) * 2 + 0.5,
        currency: n % 10 === 9 ? 'JPY' : 'USD',
        ...(n % 10 === 9 && { price: 1000 + n }),
        stock: n % 4,
        featured: n % 5 === 0,
        status: n % 12 === 11 ? 'draft' : 'active',
        categoryId: categories[n % 4]?.id ?? null,
        attributes: { color: COLORS[n % 4] ?? '', size: n % 3, ...(n % 2 === 0 && { washable: true }) },
      });
    }
  });

  afterAll(() => shop.close());

  const FILTERS = [
    {},
    { category: 'household' },
    { minPrice: '20', maxPrice: '70.5' },
    { inStock: 'true' },
    { inStock: 'false', featured: 'true' },
    { category: 'kitchen', minPrice: '10', inStock: 'true' },
    { q: 'copper' },
    { q: 'coper thing', category: 'household' },
    { currency: 'JPY' },
    { category: 'nowhere' },
  ] as Record<string, string>[];

  async function facetsOf(filters: Record<string, string>): Promise<Json> {
    const { status, body } = await shop.api.get(
      `/products/facets?${new URLSearchParams(filters).toString()}`,
    );
    expect(status).toBe(200);
    return body;
  }

  async function listOf(filters: Record<string, string>): Promise<Json> {
    const { status, body } = await shop.api.get(
      `/products?${new URLSearchParams({ ...filters, limit: '100' }).toString()}`,
    );
    expect(status).toBe(200);
    return body;
  }

  function without(filters: Record<string, string>, ...names: string[]): Record<string, string> {
    return Object.fromEntries(Object.entries(filters).filter(([name]) => !names.includes(name)));
  }

  it.each(FILTERS.map((filters) => [JSON.stringify(filters), filters] as const))(
    'with %s count what the list shows when one of them is chosen',
    async (_, filters) => {
      const facets = await facetsOf(filters);
      expect(Object.keys(facets)).toEqual(['categories', 'price', 'inStock', 'attributes']);
      for (const { slug, count } of facets.categories)
        expect([slug, (await listOf({ ...filters, category: slug })).meta.totalItems]).toEqual([slug, count]);
      for (const { min, max, count } of facets.price) {
        const band = { ...filters, minPrice: String(min), maxPrice: String(max) };
        expect([min, max, (await listOf(band)).meta.totalItems]).toEqual([min, max, count]);
      }
      const inStock = await listOf({ ...filters, inStock: 'true' });
      expect(facets.inStock).toBe(inStock.meta.totalItems);
      expect(facets.attributes).toEqual(countAttributes((await listOf(filters)).data));
    },
  );

  it.each(FILTERS.map((filters) => [JSON.stringify(filters), filters] as const))(
    'with %s leave no product out',
    async (_, filters) => {
      const facets = await facetsOf(filters);
      const all = await listOf(without(filters, 'category'));
      const shown = new Set(facets.categories.map(({ id }: Json) => id));
      for (const { category } of all.data) if (category) expect(shown).toContain(category.id);
      const priced = await listOf({ currency: 'USD', ...without(filters, 'minPrice', 'maxPrice') });
      const counted = facets.price.reduce((sum: number, { count }: Json) => sum + count, 0);
      expect(counted).toBe(priced.meta.totalItems);
    },
  );

  it('cut prices into bands that do not overlap, in order', async () => {
    const { price } = await facetsOf({});
    expect(price.length).toBeGreaterThan(2);
    for (const [index, band] of price.entries()) {
      expect(band.max).toBeGreaterThanOrEqual(band.min);
      if (index > 0) expect(band.min).toBeGreaterThan(price[index - 1].max);
    }
  });

  it('count a category with everything below it', async () => {
    const { categories } = await facetsOf({});
    const count = (slug: string): number => categories.find((facet: Json) => facet.slug === slug).count;
    const own = (await listOf({})).data.filter(({ category }: Json) => category?.slug === 'household').length;
    expect(count('household')).toBe(own + count('kitchen'));
  });

  it('are of active products for everyone, of others for staff who ask', async () => {
    expectInvalid(await shop.api.get('/products/facets?status=draft'), 'status');
    const { body } = await shop.editor.api.get('/products/facets?status=draft');
    const drafts = (await shop.editor.api.get('/products?status=draft&inStock=true')).body;
    expect(body.inStock).toBe(drafts.meta.totalItems);
  });

  it('refuse what is no filter', async () => {
    expectInvalid(await shop.api.get('/products/facets?page=1'), 'page');
    expectInvalid(await shop.api.get('/products/facets?minPrice=1.005'), 'minPrice');
  });

  it('follow the catalogue', async () => {
    const before = (await facetsOf({ q: 'ephemeral' })).inStock;
    const { id } = await shop.product({ name: 'Ephemeral vase', stock: 1 });
    expect([before, (await facetsOf({ q: 'ephemeral' })).inStock]).toEqual([0, 1]);
    await shop.editor.api.delete(`/products/${id}`);
    expect((await facetsOf({ q: 'ephemeral' })).inStock).toBe(0);
  });
});

describe('the facets of more products than are counted', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open({ hasLooseRows: true });
    const [even, odd] = [await shop.category({ name: 'Even' }), await shop.category({ name: 'Odd' })];
    // In parts, each of which the time limit of a statement allows.
    for (let first = 1; first <= 30_000; first += 3_000)
      await insertThings(first, first + 2_999, even.id, odd.id);
    await shop.query('ANALYZE products');
  });

  afterAll(() => shop.close());

  async function insertThings(first: number, last: number, even: string, odd: string): Promise<void> {
    await shop.query(
      `INSERT INTO products (id, name, slug, price_minor, currency, stock, featured, category_id, attributes)
       SELECT gen_random_uuid(), 'Thing ' || n, 'thing-' || n, 100 + n % 5000, 'USD', n % 2, n % 100 < 2,
              CASE n % 2 WHEN 0 THEN $1::uuid ELSE $2::uuid END, jsonb_build_object('side', n % 2)
         FROM generate_series($3::int, $4::int) n`,
      [even, odd, first, last],
    );
  }

  it('are estimated from a sample, and say so', async () => {
    const { body } = await shop.api.get('/products/facets');
    expect(body.isEstimate).toBe(true);
    for (const { count } of body.categories) expect(Math.abs(count - 15_000)).toBeLessThan(1_500);
    expect(Math.abs(body.inStock - 15_000)).toBeLessThan(1_500);
    const total = body.price.reduce((sum: number, { count }: Json) => sum + count, 0);
    expect(Math.abs(total - 30_000)).toBeLessThan(3_000);
    expect(body.attributes[0].values.map(({ value }: Json) => value).sort()).toEqual([0, 1]);
  });

  it('are exact again where a filter leaves few', async () => {
    const { body } = await shop.api.get('/products/facets?featured=true');
    expect(body.isEstimate).toBeUndefined();
    expect(body.price.length).toBeGreaterThan(0);
    expect(body.inStock).toBe(300);
  });
});

/** The ten most used attributes, each with its ten most used values. */
function countAttributes(products: readonly Json[]): Json {
  const counts = new Map<string, Map<unknown, number>>();
  for (const { attributes } of products) {
    for (const [name, value] of Object.entries(attributes)) {
      const values = counts.get(name) ?? new Map<unknown, number>();
      counts.set(name, values.set(value, (values.get(value) ?? 0) + 1));
    }
  }
  const sum = (values: Map<unknown, number>): number => [...values.values()].reduce((a, b) => a + b, 0);
  return [...counts]
    .sort(
      ([left, leftValues], [right, rightValues]) =>
        sum(rightValues) - sum(leftValues) || (left < right ? -1 : 1),
    )
    .map(([name, values]) => ({
      name,
      values: [...values]
        .sort(([left, a], [right, b]) => b - a || (String(left) < String(right) ? -1 : 1))
        .map(([value, count]) => ({ value, count })),
    }));
}
