import { randomUUID } from 'node:crypto';
import type { Answer, Json } from './support/api-client';
import { Shop, unique } from './support/shop';

describe('editing products', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  afterAll(() => shop.close());

  const patch = (id: string, fields: object, headers?: Record<string, string>): Promise<Answer<Json>> =>
    shop.editor.api.patch(`/products/${id}`, fields, headers);
  const put = (id: string, fields: object, headers?: Record<string, string>): Promise<Answer<Json>> =>
    shop.editor.api.put(`/products/${id}`, fields, headers);
  const ledger = async (id: string): Promise<Json[]> =>
    (await shop.editor.api.get(`/products/${id}/stock-adjustments`)).body.data;

  /** A product with a value for everything. */
  async function full(fields: object = {}): Promise<Json> {
    const { id: categoryId } = await shop.category();
    return shop.product({
      price: 19.99,
      compareAtPrice: 25,
      sku: unique(),
      description: 'Old',
      stock: 5,
      lowStockThreshold: 2,
      categoryId,
      imageUrl: 'https://example.com/a.jpg',
      featured: true,
      status: 'draft',
      attributes: { colour: 'red', size: 'L' },
      ...fields,
    });
  }

  describe('PATCH', () => {
    it('keeps what is not given, and raises the version', async () => {
      const product = await full();
      const { status, body, headers } = await patch(product.id, { name: 'New name' });
      expect(status).toBe(200);
      expect(body).toEqual({ ...product, name: 'New name', version: 2, updatedAt: expect.any(String) });
      expect(Date.parse(body.updatedAt)).toBeGreaterThan(Date.parse(product.updatedAt));
      expect(headers.get('etag')).toMatch(/^"2\./);
      expect((await shop.editor.api.get(`/products/${product.id}`)).body).toEqual(body);
    });

    it.each([
      ['price', 0],
      ['compareAtPrice', null],
      ['sku', null],
      ['description', null],
      ['stock', 9],
      ['lowStockThreshold', null],
      ['imageUrl', null],
      ['featured', false],
      ['status', 'archived'],
      ['attributes', { size: 'M' }],
      ['slug', `other-${unique()}`],
    ])('sets %s to %j', async (field, value) => {
      const { id, version: _v, updatedAt: _u, inStock: _i, ...product } = await full();
      const { status, body } = await patch(id, { [field]: value });
      expect(status).toBe(200);
      expect(body).toMatchObject({ ...product, [field]: value });
    });

    it('moves a product to another category, or to none', async () => {
      const [product, { id: categoryId, name, slug }] = [await full(), await shop.category()];
      expect((await patch(product.id, { categoryId })).body.category).toEqual({ id: categoryId, name, slug });
      const { body, headers } = await patch(product.id, { categoryId: null });
      expect(body.category).toBeNull();
      expect(headers.get('etag')).toBe('"3"');
    });

    it.each(['name', 'price', 'currency', 'slug', 'stock', 'featured', 'status', 'attributes'])(
      'refuses null as %s',
      async (field) => {
        const { id } = await shop.product();
        const { status, body } = await patch(id, { [field]: null });
        expect(status).toBe(422);
        expect(body).toMatchObject({ code: 'validation_failed', errors: [{ field }] });
      },
    );

    it.each([
      ['price', { price: 1.999 }],
      ['categoryId', { categoryId: randomUUID() }],
      ['imageUrl', { imageUrl: 'ftp://example.com/a.jpg' }],
      ['attributes', { attributes: { deep: {} } }],
      ['id', { id: randomUUID() }],
      ['category', { category: { id: randomUUID() } }],
    ])('refuses a bad %s and changes nothing', async (field, fields) => {
      const product = await full();
      const { status, body } = await patch(product.id, { name: 'Half done', stock: 1, ...fields });
      expect(status).toBe(422);
      expect(body.errors).toEqual([expect.objectContaining({ field })]);
      expect((await shop.editor.api.get(`/products/${product.id}`)).body).toEqual(product);
    });

    it('refuses a sku or slug that another product has', async () => {
      const [product, other] = [await full(), await full()];
      expect(await patch(product.id, { sku: other.sku })).toMatchObject({
        status: 409,
        body: { code: 'sku_taken' },
      });
      expect(await patch(product.id, { slug: other.slug })).toMatchObject({
        status: 409,
        body: { code: 'slug_taken' },
      });
      expect(await patch(product.id, { sku: product.sku, slug: product.slug })).toMatchObject({
        status: 200,
      });
    });

    it('writes a row of the ledger for a stock that was set, and none for one that stays', async () => {
      const { id } = await shop.product({ stock: 5 });
      await patch(id, { stock: 5 });
      await patch(id, { stock: 2 });
      expect(await ledger(id)).toMatchObject([
        { delta: -3, stock: 2 },
        { delta: 5, stock: 5 },
      ]);
    });
  });

  describe('PUT', () => {
    it('puts what is left out back to its default: the slug stays, the stock is 0 with a row of the ledger', async () => {
      const product = await full({ currency: 'EUR' });
      const { status, body } = await put(product.id, { name: 'Replaced', price: 7 });
      expect(status).toBe(200);
      expect(body).toEqual({
        ...product,
        name: 'Replaced',
        price: 7,
        currency: 'USD',
        sku: null,
        description: null,
        compareAtPrice: null,
        stock: 0,
        inStock: false,
        lowStockThreshold: null,
        category: null,
        imageUrl: null,
        featured: false,
        status: 'active',
        attributes: {},
        version: 2,
        updatedAt: expect.any(String),
      });
      expect(await ledger(product.id)).toMatchObject([
        { delta: -5, stock: 0 },
        { delta: 5, stock: 5 },
      ]);
    });

    it.each([
      ['name', { price: 1 }],
      ['price', { name: 'A' }],
    ])('needs a %s', async (field, fields) => {
      const { id } = await shop.product();
      const { status, body } = await put(id, fields);
      expect(status).toBe(422);
      expect(body.errors).toEqual([expect.objectContaining({ field, code: 'required' })]);
    });
  });

  describe('currency', () => {
    it('keeps the number of a price that is not given, where the new currency has its digits', async () => {
      const { id } = await shop.product({ price: 20, compareAtPrice: 30 });
      expect((await patch(id, { currency: 'JPY' })).body).toMatchObject({
        price: 20,
        compareAtPrice: 30,
        currency: 'JPY',
      });
      expect((await patch(id, { currency: 'KWD' })).body).toMatchObject({
        price: 20,
        compareAtPrice: 30,
        currency: 'KWD',
      });
      expect((await patch(id, { price: 1.234 })).body).toMatchObject({ price: 1.234, compareAtPrice: 30 });
    });

    it.each([
      ['price', { price: 19.99 }],
      ['compareAtPrice', { price: 19, compareAtPrice: 24.5 }],
    ])('refuses a currency that has not the digits of the %s', async (field, fields) => {
      const product = await shop.product(fields);
      const { status, body } = await patch(product.id, { currency: 'JPY' });
      expect(status).toBe(422);
      expect(body.errors).toEqual([expect.objectContaining({ field })]);
      expect((await shop.editor.api.get(`/products/${product.id}`)).body).toEqual(product);
      const given = { currency: 'JPY', price: 2100, compareAtPrice: null };
      expect((await patch(product.id, given)).body).toMatchObject(given);
    });
  });

  it('takes ids only, of products that exist', async () => {
    const { slug } = await shop.product();
    const fields = { name: 'A', price: 1 };
    for (const change of [patch, put]) {
      expect(await change(slug, fields)).toMatchObject({ status: 400, body: { code: 'malformed_id' } });
      expect(await change(randomUUID(), fields)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
  });

  it('is for editors and admins', async () => {
    const [{ id }, customer] = [await shop.product(), await shop.customer()];
    for (const method of ['PUT', 'PATCH']) {
      const body = { name: `By ${method}`, price: 1 };
      expect((await shop.api.request(method, `/products/${id}`, { body })).status).toBe(401);
      expect((await customer.api.request(method, `/products/${id}`, { body })).status).toBe(403);
      expect((await shop.admin.api.request(method, `/products/${id}`, { body })).status).toBe(200);
    }
  });

  describe('If-Match', () => {
    it('takes the whole tag, the version alone, one of several, or any', async () => {
      const { id } = await full();
      for (const [version, given] of [
        [1, (etag: string) => etag],
        [2, () => '"2"'],
        [3, (etag: string) => `"1", ${etag}`],
        [4, () => '*'],
        [5, (etag: string) => `W/${etag}`],
      ] as const) {
        const etag = (await shop.editor.api.get(`/products/${id}`)).headers.get('etag') ?? '';
        expect(etag).toContain(`"${version}.`);
        const { status, headers } = await patch(id, { price: version }, { 'If-Match': given(etag) });
        expect(status).toBe(200);
        expect(headers.get('etag')).toContain(`"${version + 1}.`);
      }
    });

    it('refuses what is stale, and changes nothing', async () => {
      const product = await full();
      for (const stale of ['"0"', '"2"', '"1.x"', '1', '""', 'nonsense']) {
        for (const change of [patch, put]) {
          const answer = await change(product.id, { name: 'Late', price: 1 }, { 'If-Match': stale });
          expect(answer).toMatchObject({ status: 412, body: { code: 'version_mismatch' } });
        }
      }
      expect((await shop.editor.api.get(`/products/${product.id}`)).body).toEqual(product);
    });

    it('refuses a whole tag after the category was renamed, but not the version alone', async () => {
      const product = await full();
      const etag = (await shop.editor.api.get(`/products/${product.id}`)).headers.get('etag') ?? '';
      await shop.editor.api.patch(`/categories/${product.category.id}`, { name: `Renamed ${unique()}` });
      expect((await patch(product.id, { price: 1 }, { 'If-Match': etag })).status).toBe(412);
      expect((await patch(product.id, { price: 1 }, { 'If-Match': '"1"' })).status).toBe(200);
    });

    it('lets just one of two editors through who saw the same version', async () => {
      for (let round = 0; round < 5; round++) {
        const { id } = await shop.product();
        const answers = await Promise.all([
          shop.editor.api.patch(`/products/${id}`, { name: 'By the editor' }, { 'If-Match': '"1"' }),
          shop.admin.api.patch(`/products/${id}`, { name: 'By the admin' }, { 'If-Match': '"1"' }),
        ]);
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
        const winner = answers.find(({ status }) => status === 200);
        expect((await shop.editor.api.get(`/products/${id}`)).body).toEqual(winner?.body);
      }
    });

    it('keeps what both change where neither asks for a version', async () => {
      const { id } = await shop.product();
      await Promise.all([
        patch(id, { description: 'New' }),
        patch(id, { featured: true }),
        patch(id, { stock: 3 }),
      ]);
      const { body } = await shop.api.get(`/products/${id}`);
      expect(body).toMatchObject({ description: 'New', featured: true, stock: 3, version: 4 });
    });
  });
});
