import { expectInvalid, expectProblem } from './support/answers';
import type { Json } from './support/api-client';
import { type Person, Shop } from './support/shop';

const UNKNOWN_ID = '01900000-0000-7000-8000-000000000000';

describe('the cart', () => {
  let shop: Shop;
  let ann: Person;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  beforeEach(async () => {
    ann = await shop.customer();
  });

  afterAll(() => shop.close());

  const add = (productId: string, quantity: number) => ann.api.post('/cart/items', { productId, quantity });
  const set = (productId: string, quantity: number) => ann.api.put(`/cart/items/${productId}`, { quantity });
  const setAll = (items: Json[]) => ann.api.put('/cart/items', { items });
  const quantities = async (): Promise<[string, number][]> =>
    (await ann.api.get('/cart')).body.items.map((item: Json) => [item.productId, item.quantity]);

  it('is empty and in the currency of the store before anything is put into it', async () => {
    const { status, headers, body } = await ann.api.get('/cart');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      currency: 'USD',
      items: [],
      itemCount: 0,
      subtotal: 0,
      coupon: null,
      discount: 0,
      total: 0,
      version: expect.any(Number),
      updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect((await ann.api.get('/cart')).body).toEqual(body);
  });

  it('shows each product with its price of today, and what all of it comes to', async () => {
    const lamp = await shop.product({
      name: 'Lamp',
      price: 19.99,
      sku: 'LAMP-1',
      imageUrl: 'https://x.example/l.png',
    });
    const mug = await shop.product({ name: 'Mug', price: 0.1, stock: 7 });
    await add(lamp.id, 2);
    const { status, body } = await add(mug.id, 3);
    expect(status).toBe(200);
    expect(body).toMatchObject({ currency: 'USD', itemCount: 5, subtotal: 40.28, discount: 0, total: 40.28 });
    expect(body.items).toEqual([
      {
        productId: lamp.id,
        product: {
          id: lamp.id,
          name: 'Lamp',
          slug: lamp.slug,
          sku: 'LAMP-1',
          imageUrl: 'https://x.example/l.png',
          stock: 100,
        },
        quantity: 2,
        unitPrice: 19.99,
        lineTotal: 39.98,
        issue: null,
      },
      {
        productId: mug.id,
        product: { id: mug.id, name: 'Mug', slug: mug.slug, sku: null, imageUrl: null, stock: 7 },
        quantity: 3,
        unitPrice: 0.1,
        lineTotal: 0.3,
        issue: null,
      },
    ]);
    expect((await ann.api.get('/cart')).body).toEqual(body);
  });

  it('adds to what is there, and sets what is set', async () => {
    const { id } = await shop.product();
    expect((await add(id, 2)).body.items[0].quantity).toBe(2);
    expect((await add(id, 3)).body.items[0].quantity).toBe(5);
    expect((await set(id, 4)).body.items[0].quantity).toBe(4);
    expect(await quantities()).toEqual([[id, 4]]);
  });

  it('takes a product that is set without being there, whatever the case of its id', async () => {
    const { id } = await shop.product();
    expect((await set(id.toUpperCase(), 2)).status).toBe(200);
    expect((await add(id.toUpperCase(), 1)).status).toBe(200);
    expect(await quantities()).toEqual([[id, 3]]);
  });

  it.each([0, -1, 1.5, 1000, '2', null, undefined])('refuses %p units of a product', async (quantity) => {
    const { id } = await shop.product({ stock: 5000 });
    expectInvalid(await ann.api.post('/cart/items', { productId: id, quantity }), 'quantity');
    expectInvalid(await ann.api.put(`/cart/items/${id}`, { quantity }), 'quantity');
    expectInvalid(await setAll([{ productId: id, quantity }]), 'items[0].quantity');
    expect(await quantities()).toEqual([]);
  });

  it('holds 999 units of a product and refuses one more, also as a sum', async () => {
    const { id } = await shop.product({ stock: 5000 });
    expect((await add(id, 999)).status).toBe(200);
    expectInvalid(await add(id, 1), 'quantity');
    expectProblem(
      await setAll([
        { productId: id, quantity: 500 },
        { productId: id, quantity: 500 },
      ]),
      422,
      'validation_failed',
    );
    expect(await quantities()).toEqual([[id, 999]]);
  });

  it('refuses more than the stock and says how many there are', async () => {
    const { id } = await shop.product({ stock: 3 });
    const [added, wasSet] = [await add(id, 4), await set(id, 5)];
    for (const answer of [added, wasSet]) {
      expectProblem(answer, 409, 'insufficient_stock');
      expect(answer.body.available).toBe(3);
    }
    expect((await add(id, 2)).status).toBe(200);
    const past = await add(id, 2);
    expectProblem(past, 409, 'insufficient_stock');
    expect(past.body.available).toBe(3);
    expect(await quantities()).toEqual([[id, 2]]);
  });

  it('refuses a product that is sold out, though it may be shown', async () => {
    const { id } = await shop.product({ stock: 0 });
    const answer = await add(id, 1);
    expectProblem(answer, 409, 'insufficient_stock');
    expect(answer.body.available).toBe(0);
  });

  it('refuses what is not for sale: unknown, draft, archived and deleted products', async () => {
    const [draft, archived, deleted] = [
      await shop.product({ status: 'draft' }),
      await shop.product({ status: 'archived' }),
      await shop.product(),
    ];
    await shop.editor.api.delete(`/products/${deleted.id}`);
    const unknown = [UNKNOWN_ID, '11111111-1111-1111-1111-111111111111'];
    for (const id of [...unknown, draft.id, archived.id, deleted.id]) {
      expectProblem(await add(id, 1), 409, 'product_unavailable');
      expectProblem(await set(id, 1), 409, 'product_unavailable');
      expectProblem(await setAll([{ productId: id, quantity: 1 }]), 409, 'product_unavailable');
    }
    expect(await quantities()).toEqual([]);
  });

  it('has one currency: a product of another one is refused until the cart is empty', async () => {
    const [usd, eur] = [await shop.product(), await shop.product({ currency: 'EUR', price: 3 })];
    await add(usd.id, 1);
    expectProblem(await add(eur.id, 1), 409, 'currency_mismatch');
    expectProblem(await set(eur.id, 1), 409, 'currency_mismatch');
    expectProblem(
      await setAll([
        { productId: usd.id, quantity: 1 },
        { productId: eur.id, quantity: 1 },
      ]),
      409,
      'currency_mismatch',
    );
    expect(await quantities()).toEqual([[usd.id, 1]]);
    expect((await ann.api.delete(`/cart/items/${usd.id}`)).body.currency).toBe('USD');
    expect((await add(eur.id, 2)).body).toMatchObject({ currency: 'EUR', subtotal: 6, total: 6 });
    expect((await setAll([{ productId: usd.id, quantity: 1 }])).body).toMatchObject({
      currency: 'USD',
      total: 10,
    });
    expect((await setAll([])).body).toMatchObject({ currency: 'USD', items: [], total: 0 });
  });

  it('counts in whole units of a currency that has no decimals', async () => {
    const { id } = await shop.product({ currency: 'JPY', price: 1200 });
    expect((await add(id, 3)).body).toMatchObject({ currency: 'JPY', subtotal: 3600, total: 3600 });
  });

  it('replaces everything in one step, in the order given, adding up what comes twice', async () => {
    const [a, b, c] = [await shop.product(), await shop.product(), await shop.product()];
    await add(a.id, 7);
    const { status, body } = await setAll([
      { productId: c.id, quantity: 1 },
      { productId: b.id, quantity: 2 },
      { productId: c.id, quantity: 3 },
    ]);
    expect(status).toBe(200);
    expect(body.itemCount).toBe(6);
    expect(await quantities()).toEqual([
      [c.id, 4],
      [b.id, 2],
    ]);
  });

  it('replaces all or nothing', async () => {
    const [a, b, scarce] = [await shop.product(), await shop.product(), await shop.product({ stock: 1 })];
    await add(a.id, 1);
    const before = (await ann.api.get('/cart')).body;
    const short = await setAll([
      { productId: b.id, quantity: 1 },
      { productId: scarce.id, quantity: 2 },
    ]);
    expectProblem(short, 409, 'insufficient_stock');
    expect(short.body.available).toBe(1);
    expectProblem(
      await setAll([
        { productId: b.id, quantity: 1 },
        { productId: UNKNOWN_ID, quantity: 2 },
      ]),
      409,
      'product_unavailable',
    );
    expect((await ann.api.get('/cart')).body).toEqual(before);
  });

  it('holds a hundred different products and not one more', async () => {
    const products = await shop.products(101);
    const items = products.map(({ id }) => ({ productId: id, quantity: 1 }));
    expectProblem(await setAll(items), 409, 'cart_full');
    expect(await quantities()).toEqual([]);
    expect((await setAll(items.slice(0, 100))).body.itemCount).toBe(100);
    expectProblem(await add(items[100]?.productId ?? '', 1), 409, 'cart_full');
    expectProblem(await set(items[100]?.productId ?? '', 1), 409, 'cart_full');
    expect((await add(items[99]?.productId ?? '', 1)).body.itemCount).toBe(101);
    expect(await quantities()).toHaveLength(100);
  });

  it('gives a product back, and changes nothing when it is not there', async () => {
    const [a, b] = [await shop.product(), await shop.product()];
    await add(a.id, 1);
    const before = (await add(b.id, 1)).body;
    const absent = await ann.api.delete(`/cart/items/${UNKNOWN_ID}`);
    expect({ status: absent.status, body: absent.body }).toEqual({ status: 200, body: before });
    expect((await ann.api.delete(`/cart/items/${a.id.toUpperCase()}`)).status).toBe(200);
    expect(await quantities()).toEqual([[b.id, 1]]);
  });

  it('belongs to one user, and is for the signed in only', async () => {
    const { id } = await shop.product();
    await add(id, 1);
    expect((await (await shop.customer()).api.get('/cart')).body.items).toEqual([]);
    for (const [method, path] of [
      ['GET', '/cart'],
      ['POST', '/cart/items'],
      ['PUT', '/cart/items'],
      ['PUT', `/cart/items/${id}`],
      ['DELETE', `/cart/items/${id}`],
      ['DELETE', '/cart'],
      ['POST', '/cart/coupon'],
      ['DELETE', '/cart/coupon'],
    ] as const) {
      const answer = await shop.api.request<Json>(method, path);
      expectProblem(answer, 401, 'unauthenticated');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('refuses ids that are none and properties that it does not know', async () => {
    const { id } = await shop.product();
    expectProblem(await set('lamp', 1), 400, 'malformed_id');
    expectProblem(await ann.api.delete('/cart/items/lamp'), 400, 'malformed_id');
    expectInvalid(await add('lamp', 1), 'productId');
    expectInvalid(await ann.api.post('/cart/items', { productId: id, quantity: 1, price: 0.01 }), 'price');
    expectInvalid(await ann.api.put('/cart/items', {}), 'items');
    expectInvalid(await ann.api.put('/cart/items', { items: [[]] }), 'items');
    expectInvalid(await ann.api.put('/cart/items', { items: [[{ productId: id, quantity: 1 }]] }), 'items');
    expectInvalid(await setAll([{ productId: id, quantity: 1 }, null]), 'items[1]');
    expectInvalid(await setAll([{ productId: id, quantity: 1, price: 0.01 }]), 'items[0].price');
    expect(await quantities()).toEqual([]);
  });

  it('is open to an admin, for support, and to nobody else', async () => {
    const { id } = await shop.product();
    const mine = (await add(id, 2)).body;
    const seen = await shop.admin.api.get(`/users/${ann.id}/cart`);
    expect({ status: seen.status, body: seen.body }).toEqual({ status: 200, body: mine });
    expectProblem(await shop.admin.api.get(`/users/${UNKNOWN_ID}/cart`), 404, 'not_found');
    expectProblem(await shop.admin.api.get('/users/ann/cart'), 400, 'malformed_id');
    expectProblem(await shop.editor.api.get(`/users/${ann.id}/cart`), 403, 'forbidden');
    expectProblem(await ann.api.get(`/users/${ann.id}/cart`), 403, 'forbidden');
    expectProblem(await shop.api.get(`/users/${ann.id}/cart`), 401, 'unauthenticated');
  });
});
