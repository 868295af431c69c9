import { atOnce, expectInvalid, expectProblem, tally } from './support/answers';
import type { Answer, Json } from './support/api-client';
import { ADDRESS, orderOf, type Person, Shop } from './support/shop';

const UNKNOWN_ID = '01900000-0000-7000-8000-000000000000';

describe('placing an order', () => {
  let shop: Shop;
  let ann: Person;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  beforeEach(async () => {
    ann = await shop.customer();
  });

  afterAll(() => shop.close());

  const place = (fields: object = {}): Promise<Answer<Json>> => ann.api.post('/orders', orderOf(fields));
  const fill = (...items: Json[]) => ann.api.put('/cart/items', { items });
  const item = ({ id }: Json, quantity = 1) => ({ productId: id, quantity });
  const cart = async () => (await ann.api.get('/cart')).body;
  const stockOf = async ({ id }: Json) => (await shop.editor.api.get(`/products/${id}`)).body.stock;
  const ordersOfAnn = async () => (await ann.api.get('/orders')).body.data;

  it('turns the cart into an order and empties it', async () => {
    const lamp = await shop.product({
      name: 'Lamp',
      sku: 'L-9',
      price: 19.99,
      imageUrl: 'https://x.example/l',
    });
    const mug = await shop.product({ price: 0.1 });
    await fill(item(lamp, 2), item(mug, 3));
    const { status, headers, body } = await place({ note: 'Ring twice' });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/api/orders/${body.id}`);
    expect(headers.get('etag')).toBe('"1"');
    const money = { currency: 'USD', subtotal: 40.28, discount: 0, couponCode: null, total: 40.28 };
    const address = { ...ADDRESS, street2: null };
    expect(body).toEqual({
      id: expect.any(String),
      number: expect.stringMatching(/^[A-Z0-9-]{4,24}$/),
      status: 'pending',
      paymentMethod: 'credit_card',
      paymentStatus: 'unpaid',
      ...money,
      items: [
        {
          id: expect.any(String),
          productId: lamp.id,
          sku: 'L-9',
          name: 'Lamp',
          imageUrl: 'https://x.example/l',
          unitPrice: 19.99,
          quantity: 2,
          lineTotal: 39.98,
        },
        expect.objectContaining({
          productId: mug.id,
          sku: null,
          imageUrl: null,
          quantity: 3,
          lineTotal: 0.3,
        }),
      ],
      shippingAddress: address,
      billingAddress: address,
      trackingNumber: null,
      note: 'Ring twice',
      customer: { id: ann.id, email: ann.email },
      version: 1,
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: body.createdAt,
    });
    expect((await ann.api.get(`/orders/${body.id}`)).body).toEqual(body);
    expect(await cart()).toMatchObject({ items: [], itemCount: 0, total: 0, coupon: null });
    expect([await stockOf(lamp), await stockOf(mug)]).toEqual([98, 97]);
  });

  it('writes what was taken into the ledger', async () => {
    const product = await shop.product({ stock: 7 });
    const order = await shop.order(ann, [item(product, 3)]);
    const { body } = await shop.editor.api.get(`/products/${product.id}/stock-adjustments`);
    expect(body.data[0]).toMatchObject({
      delta: -3,
      stock: 4,
      reason: expect.stringContaining(order.number),
    });
  });

  it('orders just the items that are given, adding up what comes twice, and leaves the cart alone', async () => {
    const [a, b] = [await shop.product({ price: 1.5 }), await shop.product()];
    await fill(item(b, 4));
    const before = await cart();
    const { status, body } = await place({
      items: [item(a, 2), { ...item(a, 3), productId: a.id.toUpperCase() }],
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ subtotal: 7.5, items: [{ productId: a.id, quantity: 5 }] });
    expect(body.items).toHaveLength(1);
    expect(await cart()).toEqual(before);
    expect([await stockOf(a), await stockOf(b)]).toEqual([95, 100]);
  });

  it('keeps a copy that later edits of the product do not touch', async () => {
    const product = await shop.product({ name: 'Old', sku: 'OLD-1', price: 5 });
    const order = await shop.order(ann, [item(product, 2)]);
    const changes = { name: 'New', sku: 'NEW-1', price: 9, imageUrl: 'https://x.example/n', currency: 'EUR' };
    expect((await shop.editor.api.patch(`/products/${product.id}`, changes)).status).toBe(200);
    expect((await shop.editor.api.delete(`/products/${product.id}`)).status).toBe(204);
    expect((await ann.api.get(`/orders/${order.id}`)).body).toEqual(order);
  });

  it('sends the goods to one address and the bill to another, or to the same', async () => {
    const product = await shop.product();
    const billing = { street: '9 Bank St', city: 'Leeds', zipCode: 'LS1 1AA', country: 'gb' };
    const full = { fullName: null, phone: null, street2: null, state: null, ...billing, country: 'GB' };
    const own = await shop.order(ann, [item(product)], { billingAddress: billing });
    expect(own.billingAddress).toEqual(full);
    expect(own.shippingAddress.street).toBe(ADDRESS.street);
    const same = await shop.order(ann, [item(product)], { billingAddress: null });
    expect(same.billingAddress).toEqual(same.shippingAddress);
  });

  it.each([
    ['shippingAddress', { shippingAddress: undefined }],
    ['shippingAddress', { shippingAddress: null }],
    ['shippingAddress', { shippingAddress: 'Berlin' }],
    ['shippingAddress', { shippingAddress: [] }],
    ['shippingAddress', { shippingAddress: [ADDRESS] }],
    ['billingAddress', { billingAddress: [] }],
    ['shippingAddress.street', { shippingAddress: { ...ADDRESS, street: '  ' } }],
    ['shippingAddress.zipCode', { shippingAddress: { ...ADDRESS, zipCode: undefined } }],
    ['shippingAddress.country', { shippingAddress: { ...ADDRESS, country: 'USA' } }],
    ['shippingAddress.planet', { shippingAddress: { ...ADDRESS, planet: 'Mars' } }],
    ['billingAddress.city', { billingAddress: { ...ADDRESS, city: '' } }],
    ['paymentMethod', { paymentMethod: 'barter' }],
    ['paymentMethod', { paymentMethod: undefined }],
    ['items', { items: [] }],
    ['items', { items: null }],
    ['items', { items: 'all' }],
    ['items', { items: { productId: UNKNOWN_ID, quantity: 1 } }],
    ['items', { items: [[]] }],
    ['items', { items: [[{ productId: UNKNOWN_ID, quantity: 1 }]] }],
    ['items[0]', { items: [null] }],
    ['items[0].quantity', { items: [{ productId: UNKNOWN_ID, quantity: 0 }] }],
    ['items[0].quantity', { items: [{ productId: UNKNOWN_ID, quantity: 1000 }] }],
    ['items[0].productId', { items: [{ productId: 'lamp', quantity: 1 }] }],
    ['items[0].unitPrice', { items: [{ productId: UNKNOWN_ID, quantity: 1, unitPrice: 0 }] }],
    ['expectedTotal', { expectedTotal: -1 }],
    ['expectedTotal', { expectedTotal: '10' }],
    ['total', { total: 0.01 }],
    ['status', { status: 'delivered' }],
    ['note', { note: 'x'.repeat(1001) }],
  ])('is refused with a bad %s: %j', async (field, fields) => {
    await fill(item(await shop.product()));
    expectInvalid(await place(fields), field);
    expect(await ordersOfAnn()).toEqual([]);
    expect((await cart()).itemCount).toBe(1);
  });

  it('refuses more than 999 units of a product that comes twice', async () => {
    const product = await shop.product({ stock: 5000 });
    expectInvalid(await place({ items: [item(product, 600), item(product, 400)] }), 'items[1].quantity');
    expect(await stockOf(product)).toBe(5000);
  });

  it('refuses an empty cart, or none', async () => {
    expectProblem(await place(), 409, 'cart_empty');
    await ann.api.get('/cart');
    expectProblem(await place(), 409, 'cart_empty');
  });

  it('names every item that is short, with what is there, and takes nothing', async () => {
    const [plenty, two, none] = [await shop.product(), await shop.product(), await shop.product()];
    await fill(item(plenty, 1), item(two, 5), item(none, 1));
    await shop.editor.api.patch(`/products/${two.id}`, { stock: 2 });
    await shop.editor.api.patch(`/products/${none.id}`, { stock: 0 });
    const before = await cart();
    const answer = await place();
    expectProblem(answer, 409, 'insufficient_stock');
    expect(answer.body.items).toEqual([
      { productId: two.id, requested: 5, available: 2 },
      { productId: none.id, requested: 1, available: 0 },
    ]);
    const fromItems = await place({ items: [item(two, 2), item(two, 1)] });
    expect(fromItems.body.items).toEqual([{ productId: two.id, requested: 3, available: 2 }]);
    expect(await cart()).toEqual(before);
    expect([await stockOf(plenty), await stockOf(two), await ordersOfAnn()]).toEqual([100, 2, []]);
  });

  it('refuses what is not for sale', async () => {
    const [draft, archived, deleted] = [
      await shop.product({ status: 'draft' }),
      await shop.product({ status: 'archived' }),
      await shop.product(),
    ];
    await fill(item(deleted));
    await shop.editor.api.delete(`/products/${deleted.id}`);
    for (const id of [draft.id, archived.id, deleted.id, UNKNOWN_ID]) {
      expectProblem(await place({ items: [{ productId: id, quantity: 1 }] }), 409, 'product_unavailable');
    }
    expectProblem(await place(), 409, 'product_unavailable');
    expect((await cart()).items).toMatchObject([{ issue: 'unavailable' }]);
  });

  it('refuses products of two currencies', async () => {
    const [usd, eur] = [await shop.product(), await shop.product({ currency: 'EUR' })];
    expectProblem(await place({ items: [item(usd), item(eur)] }), 409, 'currency_mismatch');
    expect((await place({ items: [item(eur, 2)] })).body).toMatchObject({ currency: 'EUR', total: 20 });
  });

  it('orders nothing when the total is another than the customer saw, and says which', async () => {
    const product = await shop.product({ price: 10 });
    await fill(item(product, 2));
    await shop.editor.api.patch(`/products/${product.id}`, { price: 10.01 });
    const answer = await place({ expectedTotal: 20 });
    expectProblem(answer, 409, 'price_changed');
    expect(answer.body.total).toBe(20.02);
    expect((await cart()).itemCount).toBe(2);
    expect(await stockOf(product)).toBe(100);
    expectInvalid(await place({ expectedTotal: 20.021 }), 'expectedTotal');
    expect((await place({ expectedTotal: 20.02 })).body.total).toBe(20.02);
  });

  it('compares the expected total after the coupon, and takes a total of any size', async () => {
    const [{ code }, free] = [
      await shop.coupon({ discountPercent: 25 }),
      await shop.coupon({ discountPercent: 100 }),
    ];
    const product = await shop.product({ price: 99_999_999.99 });
    const items = [item(product, 2)];
    const changed = await place({ items, couponCode: code, expectedTotal: 1 });
    expect([changed.body.code, changed.body.total]).toEqual(['price_changed', 149_999_999.98]);
    expect((await place({ items, couponCode: code, expectedTotal: 149_999_999.98 })).status).toBe(201);
    expect((await place({ items, couponCode: free.code, expectedTotal: 0 })).body.total).toBe(0);
  });

  it('makes one order of a cart that is checked out many times at once', async () => {
    const product = await shop.product();
    await fill(item(product, 2));
    expect(tally(await atOnce(10, () => place()))).toEqual({ '201': 1, '409 cart_empty': 9 });
    expect(await stockOf(product)).toBe(98);
  });

  it('keeps what is put into the cart while it is checked out: in the order or in the cart', async () => {
    const [product, later] = [await shop.product(), await shop.product()];
    await fill(item(product));
    const adds = atOnce(6, () => ann.api.post('/cart/items', item(later)));
    const { status, body } = await place();
    expect([status, tally(await adds)]).toEqual([201, { '200': 6 }]);
    const ordered = body.items.find((each: Json) => each.productId === later.id)?.quantity ?? 0;
    expect(ordered + (await cart()).itemCount).toBe(6);
  });

  it('is open to staff too, and to nobody who is not signed in', async () => {
    const product = await shop.product();
    expect((await shop.order(shop.editor, [item(product)])).customer.id).toBe(shop.editor.id);
    expectProblem(
      await shop.api.post('/orders', orderOf({ items: [item(product)] })),
      401,
      'unauthenticated',
    );
  });

  it('gives numbers that are unique and tell nothing', async () => {
    const product = await shop.product();
    const orders = await atOnce(12, () => shop.order(ann, [item(product)]));
    const numbers = orders.map(({ number }) => number);
    expect(new Set(numbers).size).toBe(12);
    expect([...numbers].sort()).not.toEqual(numbers);
  });
});
