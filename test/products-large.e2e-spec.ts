import type { Json } from './support/api-client';
import { idsOf, readCursors } from './support/lists';
import { pageStatements, rowsRead } from './support/rows-read';
import { Shop } from './support/shop';

const SIZE = 12_000;
/** Every fourth has the word in its name, all others in the description. */
const NAMED = SIZE / 4;

describe('a catalogue of more products than are counted', () => {
  let shop: Shop;
  let root: Json;

  beforeAll(async () => {
    shop = await Shop.open({ hasLooseRows: true });
    root = await shop.category({ name: 'Storehouse' });
    const shelves = [await shop.category({ parentId: root.id })];
    for (let n = 0; n < 3; n += 1) shelves.push(await shop.category({ parentId: shelves[0].id }));
    await insertProducts(shelves.map(({ id }) => id));
  });

  afterAll(() => shop.close());

  /** All but every twelfth on four shelves, with few different prices and times. */
  async function insertProducts(shelves: string[]): Promise<void> {
    await shop.test.owner.transaction(async (tx) => {
      await tx.query(`SET LOCAL statement_timeout = '60s'`);
      await tx.query(
        `INSERT INTO products (id, name, slug, description, price_minor, currency, stock, category_id, featured, created_at)
         SELECT gen_random_uuid(),
                CASE WHEN n % 4 = 0 THEN 'Amphora No ' ELSE 'Vessel No ' END || 'n' || n,
                'thing-' || n,
                CASE WHEN n % 4 = 0 THEN 'Fired' ELSE 'Like an amphora' END || CASE WHEN n % 12 = 1 THEN ' once' ELSE ' twice' END,
                n % 7, 'USD', n % 3, CASE WHEN n % 12 > 0 THEN ($1::uuid[])[1 + n % 4] END, n % 3 = 2,
                timestamptz '2026-01-01' + (n * 7919 % 5000) * interval '1 minute'
           FROM generate_series(1, $2::int) n`,
        [shelves, SIZE],
      );
    });
    await shop.query('ANALYZE products, search_words');
  }

  /** What the list has to be, from the table itself. */
  async function expected(order: string, where = 'true'): Promise<string[]> {
    const rows = await shop.query<{ id: string }>(
      `SELECT id FROM products WHERE deleted_at IS NULL AND ${where} ORDER BY ${order}`,
    );
    return rows.map(({ id }) => id);
  }

  async function page(query: string, number: number): Promise<{ ids: string[]; meta: Json }> {
    const { status, body } = await shop.api.get(`/products?${query}&page=${number}`);
    expect(status).toBe(200);
    return { ids: idsOf(body), meta: body.meta };
  }

  async function expectPages(query: string, ids: readonly string[], ...numbers: number[]): Promise<void> {
    for (const number of numbers) {
      const found = (await page(`${query}&limit=70`, number)).ids;
      expect({ number, ids: found }).toEqual({ number, ids: ids.slice(number * 70 - 70, number * 70) });
    }
  }

  async function expectCursors(query: string, ids: readonly string[]): Promise<void> {
    expect(await readCursors(shop.api, `/products?${query}`, [100])).toEqual(ids);
  }

  const BY_RELEVANCE = 'in_stock DESC, created_at DESC, id DESC';

  it('is shown in any order, at any depth', async () => {
    const newest = await expected('created_at DESC, id DESC');
    await expectPages('sort=-createdAt', newest, 1, 2, 86, 171, 172, 173);
    const cheapest = await expected('sort_price, name DESC, id DESC');
    await expectPages('sort=price,-name', cheapest, 1, 60, 172);
    await expectCursors('sort=price,-name', cheapest);
  });

  it.each([
    ['newest', '', 20],
    ['by price', 'sort=price', 20],
    ['by name', 'sort=name', 20],
    ['in stock', 'inStock=true', 40],
    ['featured', 'featured=true', 60],
    ['above a price', 'minPrice=0.04&sort=price', 20],
  ])('looks at no more rows for a page than it must: %s', async (_, query, most) => {
    const rows = await rowsRead(shop, 'products', () => shop.api.get(`/products?limit=20&${query}`));
    expect(rows).toBeLessThanOrEqual(most);
    const scrolled = await rowsRead(shop, 'products', () =>
      shop.api.get(`/products?cursor=&limit=20&${query}`),
    );
    // One more tells whether another page follows.
    expect(scrolled).toBeLessThanOrEqual(most + 2);
  });

  it.each(['-createdAt', 'price'])(
    'reads no more than a page of each category of a branch, by %s',
    async (sort) => {
      // The root has nothing of its own, and a shelf has little.
      const shelf = await shop.category({ parentId: root.id });
      await shop.product({ categoryId: shelf.id });
      for (const query of [
        `category=${root.slug}`,
        `category=${shelf.slug}`,
        `category=${root.id}&cursor=`,
      ]) {
        const rows = await rowsRead(shop, 'products', () =>
          shop.api.get(`/products?limit=20&sort=${sort}&${query}`),
        );
        // Four full shelves, from each one more where that tells whether another page follows, and the little one.
        expect({ query, isBounded: rows <= 4 * 21 + 2 }).toEqual({ query, isBounded: true });
      }
      await shop.editor.api.delete(
        `/products/${idsOf((await shop.api.get(`/products?category=${shelf.slug}`)).body)[0]}`,
      );
    },
  );

  const suggest = (q: string) => shop.api.get(`/products/suggest?q=${q}`);

  it.each([
    ['n', 'true'],
    ['amphora', `name LIKE 'Amphora%'`],
    ['n1+amphora', `name LIKE 'Amphora No n1%'`],
    // Three of the newest thousand.
    ['amphora+n118', `name LIKE 'Amphora No n118%'`],
  ])('suggests the newest for %s, and leaves the index alone', async (q, where) => {
    let suggested: string[] = [];
    const statements = await pageStatements(shop, async () => {
      const { status, body } = await suggest(q);
      suggested = idsOf(body);
      return { status };
    });
    expect(suggested).toEqual((await expected(BY_RELEVANCE, where)).slice(0, 10));
    expect(statements.filter(([sql]) => sql.includes('@@'))).toEqual([]);
  });

  it.each(['v', 'n11941', 'vessel+n11941', 'amfora', 'zzyzx'])(
    'looks at no more rows than it must to suggest something for %s',
    async (q) => {
      // A thousand of the newest, for the word and for what it may have been meant as.
      expect(await rowsRead(shop, 'products', () => suggest(q))).toBeLessThanOrEqual(2_010);
    },
  );

  it('says that its size is an estimate, and is counted exactly as soon as few enough are left', async () => {
    const { meta } = await page('limit=100', 1);
    expect(meta).toEqual({
      page: 1,
      limit: 100,
      totalItems: expect.any(Number),
      totalPages: expect.any(Number),
      isEstimate: true,
    });
    expect(Math.abs(meta.totalItems - SIZE)).toBeLessThan(SIZE / 10);
    expect((await page('inStock=true', 1)).meta).toEqual({
      page: 1,
      limit: 20,
      totalItems: 8_000,
      totalPages: 400,
    });
    expect((await page('q=once&sort=price', 2)).meta).toEqual({
      page: 2,
      limit: 20,
      totalItems: 1_000,
      totalPages: 50,
    });
    const last = await page('limit=100', 120);
    expect(last.ids).toHaveLength(100);
    expect(last.meta.totalItems).toBeGreaterThanOrEqual(SIZE);
    expect((await page('limit=100', 121)).ids).toEqual([]);
  });

  it.each([
    ['-createdAt', 'created_at DESC, id DESC'],
    ['price', 'sort_price, id'],
    ['name', 'name, id'],
    ['-price,createdAt', 'sort_price DESC, created_at, id'],
  ])('shows a category and all below it as one list, by %s', async (sort, order) => {
    const shelved = await expected(order, 'category_id IS NOT NULL');
    expect((await page(`category=${root.id}`, 1)).meta.isEstimate).toBe(true);
    await expectPages(`category=${root.slug}&sort=${sort}`, shelved, 1, 57, 157, 158, 159);
    const dear = await expected(order, 'category_id IS NOT NULL AND price_minor >= 4 AND featured');
    const filters = `category=${root.id}&minPrice=0.04&featured=true`;
    await expectPages(`${filters}&sort=${sort}`, dear, 1, 2, 22, 23, 24);
    await expectCursors(`${filters}&sort=${sort}`, dear);
  });

  it('shows a broad search by relevance: those with the word in their name, then the others', async () => {
    const named = await expected(BY_RELEVANCE, `name LIKE 'Amphora%'`);
    const others = await expected(BY_RELEVANCE, `name LIKE 'Vessel%'`);
    expect([named.length, others.length]).toEqual([NAMED, SIZE - NAMED]);
    // Page 43 has the last of the one and the first of the other.
    await expectPages('q=amphora', [...named, ...others], 1, 42, 43, 44, 45, 171, 172, 173);
    await expectCursors('q=amphora', [...named, ...others]);
    expect((await page('q=amphora', 1)).meta.isEstimate).toBe(true);
  });

  it('puts the product of an exact sku before all that has the same word', async () => {
    const { id } = await shop.product({ name: 'Kiln', sku: 'AMPHORA', stock: 0 });
    expect((await page('q=amphora', 1)).ids[0]).toBe(id);
    await shop.editor.api.delete(`/products/${id}`);
  });

  it('shows what nearly all have in their name before the few that do not', async () => {
    await shop.query(
      `UPDATE products SET name = 'Amphora No x' WHERE name LIKE 'Vessel%' AND description NOT LIKE '%once'`,
    );
    await shop.query('ANALYZE products');
    const named = await expected(BY_RELEVANCE, `name LIKE 'Amphora%'`);
    const others = await expected(BY_RELEVANCE, `name LIKE 'Vessel%'`);
    expect([named.length, others.length]).toEqual([11_000, 1_000]);
    await expectPages('q=amphora', [...named, ...others], 1, 157, 158, 159, 171, 172, 173);
    await expectCursors('q=amphora', [...named, ...others]);
  });

  it('shows a broad search in the order that was asked for', async () => {
    const ids = await expected('sort_price, created_at, id');
    await expectPages('q=amphora&sort=price,createdAt', ids, 1, 100, 172);
    await expectCursors('q=amphora&sort=price,createdAt', ids);
  });

  it('searches by the beginning of very many words', async () => {
    const all = await expected(BY_RELEVANCE);
    expect((await page('q=n&limit=100', 1)).ids).toEqual(all.slice(0, 100));
    await expectCursors('q=n', all);
    const once = await expected('created_at DESC, id DESC', `description LIKE '%once'`);
    expect((await page('q=once+n&sort=-createdAt', 1)).ids).toEqual(once.slice(0, 20));
    for (const [q, where] of [
      ['zzyzx+n', 'true'],
      ['z+n', 'true'],
      ['n1+zzyzx', `name LIKE '% n1%'`],
    ]) {
      const some = await expected('created_at DESC, id DESC', where);
      const { ids, meta } = await page(`q=${q}&sort=-createdAt&limit=100`, 2);
      expect({ q, ids, match: meta.match }).toEqual({ q, ids: some.slice(100, 200), match: 'some' });
    }
  });
});
