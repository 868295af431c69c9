import { expectInvalid, expectProblem } from './support/answers';
import type { Answer, Json } from './support/api-client';
import { type Person, Shop } from './support/shop';

describe('the way of an order', () => {
  let shop: Shop;
  let ann: Person;
  let product: Json;
  let coupon: Json;

  beforeAll(async () => {
    shop = await Shop.open();
    ann = await shop.customer();
  });

  beforeEach(async () => {
    product = await shop.product({ stock: 10 });
    coupon = await shop.coupon();
  });

  afterAll(() => shop.close());

  const buy = () => shop.order(ann, [{ productId: product.id, quantity: 3 }], { couponCode: coupon.code });
  const move = (order: Json, status: string, fields: object = {}): Promise<Answer<Json>> =>
    shop.editor.api.put(`/orders/${order.id}/status`, { status, ...fields });
  const pay = (order: Json, paymentStatus: string): Promise<Answer<Json>> =>
    shop.editor.api.put(`/orders/${order.id}/payment-status`, { paymentStatus });
  const cancel = (order: Json, { api }: Person = ann, body?: object): Promise<Answer<Json>> =>
    api.post(`/orders/${order.id}/cancel`, body);
  const events = async (order: Json, { api }: Person = shop.editor): Promise<Json[]> =>
    (await api.get(`/orders/${order.id}/events`)).body.data;
  const stock = async () => (await shop.editor.api.get(`/products/${product.id}`)).body.stock;
  const uses = async () => (await shop.admin.api.get(`/coupons/${coupon.id}`)).body.usageCount;

  it('leads from pending over processing and shipped to delivered', async () => {
    const order = await buy();
    expect((await move(order, 'processing')).body).toMatchObject({ status: 'processing', version: 2 });
    const shipped = await move(order, 'shipped', { trackingNumber: 'TRACK-1', note: 'By sea' });
    expect(shipped.status).toBe(200);
    expect(shipped.body).toMatchObject({ status: 'shipped', trackingNumber: 'TRACK-1', note: null });
    expect((await move(order, 'delivered')).body).toMatchObject({ trackingNumber: 'TRACK-1', version: 4 });
    expect((await ann.api.get(`/orders/${order.id}`)).body.status).toBe('delivered');
  });

  it.each([
    [[], ['pending', 'shipped', 'delivered']],
    [['processing'], ['pending', 'processing', 'delivered']],
    [
      ['processing', 'shipped'],
      ['pending', 'processing', 'shipped', 'cancelled'],
    ],
    [
      ['processing', 'shipped', 'delivered'],
      ['pending', 'processing', 'shipped', 'delivered', 'cancelled'],
    ],
    [['cancelled'], ['pending', 'processing', 'shipped', 'delivered', 'cancelled']],
  ])('does not lead from %j to any of %j', async (path, illegal) => {
    const order = await buy();
    for (const status of path) expect((await move(order, status)).status).toBe(200);
    const before = (await ann.api.get(`/orders/${order.id}`)).body;
    for (const status of illegal) {
      expectProblem(await move(order, status, { trackingNumber: 'X' }), 409, 'illegal_transition');
    }
    expect((await ann.api.get(`/orders/${order.id}`)).body).toEqual(before);
  });

  it('knows no other status', async () => {
    const order = await buy();
    expectInvalid(await move(order, 'lost'), 'status');
    expectInvalid(await shop.editor.api.put(`/orders/${order.id}/status`, {}), 'status');
    expectInvalid(await pay(order, 'owed'), 'paymentStatus');
  });

  it('leads from unpaid to paid to refunded, and nowhere else', async () => {
    const order = await buy();
    expectProblem(await pay(order, 'refunded'), 409, 'illegal_transition');
    expectProblem(await pay(order, 'unpaid'), 409, 'illegal_transition');
    expect((await pay(order, 'paid')).body).toMatchObject({
      paymentStatus: 'paid',
      status: 'pending',
      version: 2,
    });
    expectProblem(await pay(order, 'paid'), 409, 'illegal_transition');
    expectProblem(await pay(order, 'unpaid'), 409, 'illegal_transition');
    expect((await pay(order, 'refunded')).body.paymentStatus).toBe('refunded');
    for (const status of ['unpaid', 'paid', 'refunded']) {
      expectProblem(await pay(order, status), 409, 'illegal_transition');
    }
  });

  it('is told step by step, oldest first, and to staff with who took it', async () => {
    const order = await buy();
    await move(order, 'processing', { note: 'Picked' });
    await pay(order, 'paid');
    await cancel(order, shop.admin, { reason: 'Broken' });
    const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const id = expect.any(String);
    const steps = [
      { id, at, from: null, to: 'pending', note: null },
      { id, at, from: 'pending', to: 'processing', note: 'Picked' },
      { id, at, from: 'unpaid', to: 'paid', note: null },
      { id, at, from: 'processing', to: 'cancelled', note: 'Broken' },
    ];
    const by = [ann.id, shop.editor.id, shop.editor.id, shop.admin.id];
    expect(await events(order)).toEqual(steps.map((step, index) => ({ ...step, by: by[index] })));
    expect(await events(order, ann)).toEqual(steps);
    expect((await ann.api.get(`/orders/${order.id}`)).body.note).toBeNull();
  });

  describe('cancelling', () => {
    it('gives the stock and the coupon back', async () => {
      const order = await buy();
      expect([await stock(), await uses()]).toEqual([7, 1]);
      const { status, headers, body } = await cancel(order, ann, { reason: 'Too slow' });
      expect([status, headers.get('etag')]).toEqual([200, '"2"']);
      expect(body).toMatchObject({ status: 'cancelled', discount: 3, total: 27, couponCode: coupon.code });
      expect([await stock(), await uses()]).toEqual([10, 0]);
      const ledger = await shop.editor.api.get(`/products/${product.id}/stock-adjustments`);
      expect(ledger.body.data.map((row: Json) => row.delta)).toEqual([3, -3, 10]);
    });

    it('is the owner’s right while the order is pending, and staff’s until it ships', async () => {
      const order = await buy();
      await move(order, 'processing');
      expectProblem(await cancel(order), 409, 'illegal_transition');
      expect((await cancel(order, shop.editor)).status).toBe(200);
      const shipped = await buy();
      await move(shipped, 'processing');
      await move(shipped, 'shipped');
      for (const person of [ann, shop.editor, shop.admin]) {
        expectProblem(await cancel(shipped, person), 409, 'illegal_transition');
      }
      expect([await stock(), await uses()]).toEqual([7, 1]);
    });

    it('takes no body, an empty one, or a reason that may be null', async () => {
      for (const body of [undefined, {}, { reason: null }]) {
        expect((await cancel(await buy(), ann, body)).status).toBe(200);
      }
      const order = await buy();
      expectInvalid(await cancel(order, ann, { reason: 5 }), 'reason');
      expectInvalid(await cancel(order, ann, { because: 'x' }), 'because');
      expect((await cancel(order)).status).toBe(200);
    });

    it('is the same when staff set the status', async () => {
      const order = await buy();
      expect((await move(order, 'cancelled', { note: 'Lost' })).body.status).toBe('cancelled');
      expect([await stock(), await uses()]).toEqual([10, 0]);
      expect((await events(order)).at(-1)).toMatchObject({ to: 'cancelled', note: 'Lost' });
    });

    it('gives back to a product that was deleted since, so that the books are right', async () => {
      const order = await buy();
      await shop.editor.api.delete(`/products/${product.id}`);
      expect((await cancel(order)).status).toBe(200);
      const [row] = await shop.query('SELECT stock FROM products WHERE id = $1', [product.id]);
      expect(row.stock).toBe(10);
    });

    it('lets someone else buy what came back', async () => {
      const order = await shop.order(ann, [{ productId: product.id, quantity: 10 }]);
      const ben = await shop.customer();
      const items = [{ productId: product.id, quantity: 10 }];
      await expect(shop.order(ben, items)).rejects.toThrow('insufficient_stock');
      await cancel(order);
      expect((await shop.order(ben, items)).total).toBe(100);
    });
  });
});
