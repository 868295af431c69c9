import { randomUUID } from 'node:crypto';
import type { Answer, Json } from './support/api-client';
import { Shop } from './support/shop';

describe('creating products', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  afterAll(() => shop.close());

  const create = (fields: object, headers?: Record<string, string>): Promise<Answer<Json>> =>
    shop.editor.api.post('/products', fields, headers);

  const entries = (count: number): object =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`attribute ${index}`, index]));

  it('answers 201 with the whole product, its path and its entity tag', async () => {
    const category = await shop.category({ name: 'Mugs', slug: 'mugs' });
    const { status, body, headers } = await create({
      name: '  Blue Mug ',
      price: 19.99,
      currency: 'EUR',
      sku: 'MUG-1',
      description: 'Holds tea.',
      compareAtPrice: 24.5,
      stock: 7,
      lowStockThreshold: 2,
      categoryId: category.id,
      imageUrl: 'https://img.example.com/mug.jpg?w=1',
      featured: true,
      status: 'draft',
      attributes: { colour: 'blue', ml: 350, dishwasher: true },
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      sku: 'MUG-1',
      name: 'Blue Mug',
      slug: 'blue-mug',
      description: 'Holds tea.',
      price: 19.99,
      compareAtPrice: 24.5,
      currency: 'EUR',
      stock: 7,
      inStock: true,
      lowStockThreshold: 2,
      category: { id: category.id, name: 'Mugs', slug: 'mugs' },
      imageUrl: 'https://img.example.com/mug.jpg?w=1',
      images: [],
      featured: true,
      status: 'draft',
      attributes: { colour: 'blue', ml: 350, dishwasher: true },
      version: 1,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updatedAt: body.createdAt,
    });
    expect(headers.get('location')).toBe(`/api/products/${body.id}`);
    expect(headers.get('etag')).toMatch(/^"1\.[\w-]+"$/);
    const read = await shop.editor.api.get((headers.get('location') ?? '').slice('/api'.length));
    expect(read.body).toEqual(body);
    expect(read.headers.get('etag')).toBe(headers.get('etag'));
  });

  it('has defaults for all but name and price', async () => {
    const { body, headers } = await create({ name: 'Plain thing', price: 0 });
    expect(body).toMatchObject({
      sku: null,
      slug: 'plain-thing',
      description: null,
      price: 0,
      compareAtPrice: null,
      currency: 'USD',
      stock: 0,
      inStock: false,
      lowStockThreshold: null,
      category: null,
      imageUrl: null,
      images: [],
      featured: false,
      status: 'active',
      attributes: {},
      version: 1,
    });
    expect(headers.get('etag')).toBe('"1"');
  });

  it('takes null where a product may be without', async () => {
    const none = {
      sku: null,
      description: null,
      compareAtPrice: null,
      lowStockThreshold: null,
      categoryId: null,
      imageUrl: null,
    };
    const { status, body } = await create({ name: 'Bare', price: 1, ...none });
    expect(status).toBe(201);
    expect(body).toMatchObject({ sku: null, category: null, imageUrl: null });
  });

  it.each([
    ['name', { name: ' ' }],
    ['name', { name: null }],
    ['name', { name: 7 }],
    ['name', { name: 'nul \0 byte' }],
    ['name', { name: 'x'.repeat(301) }],
    ['price', { price: undefined }],
    ['price', { price: null }],
    ['price', { price: -1 }],
    ['price', { price: '5' }],
    ['price', { price: 1.999 }],
    ['price', { price: 100_000_000 }],
    ['price', { price: 99_999_999.991 }],
    ['price', { price: 0.001 }],
    ['price', { price: 1e-7 }],
    ['price', { price: 1.5, currency: 'JPY' }],
    ['price', { price: 1.2345, currency: 'KWD' }],
    ['compareAtPrice', { compareAtPrice: 0.005 }],
    ['currency', { currency: 'usd' }],
    ['currency', { currency: 'ABC' }],
    ['currency', { currency: null }],
    ['sku', { sku: '' }],
    ['slug', { slug: 'Two Words' }],
    ['slug', { slug: 'a--b' }],
    ['slug', { slug: 'x'.repeat(101) }],
    ['stock', { stock: -1 }],
    ['stock', { stock: 1.5 }],
    ['stock', { stock: null }],
    ['lowStockThreshold', { lowStockThreshold: -1 }],
    ['categoryId', { categoryId: randomUUID() }],
    ['categoryId', { categoryId: 'mugs' }],
    ['imageUrl', { imageUrl: 'javascript:alert(1)' }],
    ['imageUrl', { imageUrl: 'ftp://example.com/a.jpg' }],
    ['imageUrl', { imageUrl: '/a.jpg' }],
    ['imageUrl', { imageUrl: '//example.com/a.jpg' }],
    ['imageUrl', { imageUrl: 'data:image/png;base64,AAAA' }],
    ['featured', { featured: 'true' }],
    ['featured', { featured: null }],
    ['status', { status: 'sold' }],
    ['status', { status: null }],
    ['attributes', { attributes: null }],
    ['attributes', { attributes: ['red'] }],
    ['attributes', { attributes: 'red' }],
    ['attributes', { attributes: { sizes: ['S'] } }],
    ['attributes', { attributes: { size: { name: 'S' } } }],
    ['attributes', { attributes: { size: null } }],
    ['attributes', { attributes: entries(51) }],
    ['version', { version: 2 }],
    ['colour', { colour: 'red' }],
  ])('refuses a bad %s: %j', async (field, fields) => {
    const { status, body } = await create({ name: 'Thing', price: 5, ...fields });
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'validation_failed', errors: [{ field }] });
  });

  it('takes attributes of text, numbers and truth, fifty at most, and gives them back as they are', async () => {
    for (const attributes of [{ 'Größe "L"': 'ü\\', weight: 1.25, organic: false, empty: '' }, entries(50)]) {
      const { status, body } = await create({ name: 'Thing', price: 5, attributes });
      expect(status).toBe(201);
      expect(body.attributes).toEqual(attributes);
    }
  });

  it.each([
    'http://example.com/a.jpg',
    'https://example.com:8443/a%20b.png#top',
    'http://localhost:9000/x.webp',
  ])('takes the image URL %s', async (imageUrl) => {
    expect((await create({ name: 'Thing', price: 5, imageUrl })).body.imageUrl).toBe(imageUrl);
  });

  it.each([
    [0.1, 'USD'],
    [0.29, 'USD'],
    [1.005e2, 'USD'],
    [1.15, 'USD'],
    [4.35, 'EUR'],
    [99_999_999.99, 'USD'],
    [1200, 'JPY'],
    [99_999_999, 'JPY'],
    [0.001, 'KWD'],
    [1.234, 'KWD'],
    [99_999_999.989, 'KWD'],
  ])('keeps a price of %p %s exactly', async (price, currency) => {
    const { status, body } = await create({ name: 'Thing', price, compareAtPrice: price, currency });
    expect(status).toBe(201);
    expect(body).toMatchObject({ price, compareAtPrice: price, currency });
    expect((await shop.api.get(`/products/${body.id}`)).body.price).toBe(price);
  });

  it('compares prices exactly: a tenth and two tenths are three tenths', async () => {
    const { id } = await shop.category();
    await shop.product({ categoryId: id, price: 0.3 });
    const list = async (query: string): Promise<number> =>
      (await shop.api.get(`/products?category=${id}&${query}`)).body.meta.totalItems;
    expect(await list('minPrice=0.3&maxPrice=0.3')).toBe(1);
    expect((await create({ name: 'Float', price: 0.1 + 0.2 })).status).toBe(422);
  });

  it('is for editors and admins', async () => {
    const customer = await shop.customer();
    const fields = { name: 'Mine', price: 1 };
    expect(await shop.api.post('/products', fields)).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
    expect(await customer.api.post('/products', fields)).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    expect(await shop.admin.api.post('/products', fields)).toMatchObject({ status: 201 });
  });
});
