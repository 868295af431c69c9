import { Client } from 'pg';
import { atOnce, expectProblem, tally } from './support/answers';
import type { Answer, ApiClient, Json } from './support/api-client';
import { orderOf, PASSWORD, type Person, Shop } from './support/shop';

/** Each race is run so often: who comes first differs from round to round. */
const ROUNDS = 8;

describe('an order that many change at once', () => {
  let shop: Shop;
  let ann: Person;
  let product: Json;
  let coupon: Json;
  let order: Json;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  afterAll(() => shop.close());

  /** A new customer's order each time of 3 of 10 units, with a coupon that can be used once. */
  async function begin(...path: string[]): Promise<void> {
    [ann, product, coupon] = [
      await shop.customer(),
      await shop.product({ stock: 10 }),
      await shop.coupon({ usageLimit: 1 }),
    ];
    const items = [{ productId: product.id, quantity: 3 }];
    order = await shop.order(ann, items, { couponCode: coupon.code });
    for (const status of path) expect((await move(status)).status).toBe(200);
  }

  async function rounds(run: () => Promise<void>, ...path: string[]): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) {
      await begin(...path);
      await run();
    }
  }

  const move = (status: string, { api }: Person = shop.editor): Promise<Answer<Json>> =>
    api.put(`/orders/${order.id}/status`, { status });
  const cancel = ({ api }: Person = ann): Promise<Answer<Json>> => api.post(`/orders/${order.id}/cancel`);
  const remove = () => shop.admin.api.delete(`/orders/${order.id}`);
  const steps = async () =>
    (await shop.query('SELECT FROM order_events WHERE order_id = $1', [order.id])).length;
  const statusNow = async () => {
    const [row] = await shop.query('SELECT status FROM orders WHERE id = $1', [order.id]);
    return row.status;
  };

  /** Units in stock, and uses of the coupon: 10 and 0 once the order is cancelled, else 7 and 1. */
  const left = async () => [
    (await shop.editor.api.get(`/products/${product.id}`)).body.stock,
    (await shop.admin.api.get(`/coupons/${coupon.id}`)).body.usageCount,
  ];

  it('is cancelled once when that is asked for twenty times, and gives back once', async () => {
    await begin();
    const answers = await atOnce(20, (index) => cancel(index % 2 ? ann : shop.editor));
    expect(tally(answers)).toEqual({ '200': 1, '409 illegal_transition': 19 });
    expect([await left(), await steps()]).toEqual([[10, 0], 2]);
  });

  it('gives its coupon back to just one of those who wait for it', async () => {
    await begin();
    const other = await shop.product();
    const buyers = await shop.customers(10);
    const body = orderOf({ items: [{ productId: other.id, quantity: 1 }], couponCode: coupon.code });
    const [cancelled, ...early] = await Promise.all([
      cancel(),
      ...buyers.map(({ api }) => api.post('/orders', body)),
    ]);
    const late = await Promise.all(buyers.map(({ api }) => api.post('/orders', body)));
    expect(cancelled.status).toBe(200);
    expect(tally([...early, ...late])).toEqual({ '201': 1, '409 coupon_exhausted': 19 });
    expect(await left()).toEqual([10, 1]);
  });

  it('is cancelled or shipped, not both', async () => {
    const run = async () => {
      const [cancelled, shipped] = await Promise.all([cancel(shop.admin), move('shipped')]);
      expect(tally([cancelled, shipped])).toEqual({ '200': 1, '409 illegal_transition': 1 });
      const isCancelled = cancelled.status === 200;
      expect(await statusNow()).toBe(isCancelled ? 'cancelled' : 'shipped');
      expect([await left(), await steps()]).toEqual([isCancelled ? [10, 0] : [7, 1], 3]);
    };
    await rounds(run, 'processing');
  });

  it('is cancelled by its owner, or too late: staff have begun to process it', async () => {
    const run = async () => {
      const [cancelled, begun] = await Promise.all([cancel(), move('processing')]);
      expect(tally([cancelled, begun])).toEqual({ '200': 1, '409 illegal_transition': 1 });
      expect(await left()).toEqual(cancelled.status === 200 ? [10, 0] : [7, 1]);
    };
    await rounds(run);
  });

  it('is moved along by one of several editors', async () => {
    const run = async () => {
      const answers = await atOnce(6, (index) => move('processing', index % 2 ? shop.editor : shop.admin));
      expect(tally(answers)).toEqual({ '200': 1, '409 illegal_transition': 5 });
      expect([await statusNow(), await steps()]).toEqual(['processing', 2]);
    };
    await rounds(run);
  });

  it('is paid for once', async () => {
    await begin();
    const pay = () => shop.editor.api.put(`/orders/${order.id}/payment-status`, { paymentStatus: 'paid' });
    expect(tally(await atOnce(6, pay))).toEqual({ '200': 1, '409 illegal_transition': 5 });
  });

  it('keeps all notes and tracking numbers that are written at once, and lets one of many with the same ETag in', async () => {
    await begin();
    const path = `/orders/${order.id}`;
    const [noted, tracked] = await Promise.all([
      shop.editor.api.patch(path, { note: 'Fragile' }),
      shop.admin.api.patch(path, { trackingNumber: 'T-1' }),
    ]);
    expect(tally([noted, tracked])).toEqual({ '200': 2 });
    const { body } = await ann.api.get(path);
    expect(body).toMatchObject({ note: 'Fragile', trackingNumber: 'T-1', version: 3 });
    const stale = { 'If-Match': '"3"' };
    const answers = await atOnce(6, (index) => shop.editor.api.patch(path, { note: `${index}` }, stale));
    expect(tally(answers)).toEqual({ '200': 1, '412 version_mismatch': 5 });
  });

  it('is deleted once and gives back once, whoever cancels it meanwhile', async () => {
    const run = async () => {
      const [deletions, cancels] = await Promise.all([atOnce(3, remove), atOnce(3, () => cancel())]);
      expect(tally(deletions)).toEqual({ '204': 1, '404 not_found': 2 });
      expect(tally(cancels)['200'] ?? 0).toBeLessThanOrEqual(1);
      expect([await left(), await statusNow(), await steps()]).toEqual([[10, 0], 'cancelled', 2]);
    };
    await rounds(run);
  });

  it('is shipped and keeps its stock, or is deleted before and gives it back', async () => {
    const run = async () => {
      const [deleted, shipped] = await Promise.all([remove(), move('shipped')]);
      expect(deleted.status).toBe(204);
      expect(await left()).toEqual(shipped.status === 200 ? [7, 1] : [10, 0]);
    };
    await rounds(run, 'processing');
  });

  it('is cancelled or not while its customer leaves, and tells nothing of them afterwards', async () => {
    const leave = () => ann.api.request<Json>('DELETE', '/users/me', { body: { password: PASSWORD } });
    const run = async () => {
      const [cancelled, gone] = await Promise.all([cancel(), leave()]);
      expect(gone.status).toBe(204);
      expect([{ '200': 1 }, { '401 token_revoked': 1 }]).toContainEqual(tally([cancelled]));
      expect(await left()).toEqual(cancelled.status === 200 ? [10, 0] : [7, 1]);
      const { body } = await shop.editor.api.get(`/orders/${order.id}`);
      expect([body.customer.email, body.shippingAddress.street]).toEqual([null, null]);
    };
    await rounds(run);
  });

  it.each<[string, (actor: ApiClient) => Promise<Answer<Json>>]>([
    ['placed', (api) => api.post('/orders', orderOf({ items: [{ productId: product.id, quantity: 1 }] }))],
    ['moved', (api) => api.put(`/orders/${order.id}/status`, { status: 'processing' })],
    ['paid', (api) => api.put(`/orders/${order.id}/payment-status`, { paymentStatus: 'paid' })],
    ['noted', (api) => api.patch(`/orders/${order.id}`, { note: 'Seen' })],
    ['cancelled', (api) => api.post(`/orders/${order.id}/cancel`)],
    ['deleted', (api) => api.delete(`/orders/${order.id}`)],
  ])('is not %s by someone whose account ends before it is their turn', async (_, change) => {
    await begin();
    const actor = await shop.customer();
    await shop.query(`UPDATE users SET roles = '{ADMIN}' WHERE id = $1`, [actor.id]);
    const other = new Client({ connectionString: shop.test.databaseUrl });
    await other.connect();
    try {
      await other.query('BEGIN');
      await other.query('SELECT FROM users WHERE id = $1 FOR UPDATE', [actor.id]);
      const changing = change(actor.api);
      await shop.someoneWaits();
      await other.query('UPDATE users SET is_active = false WHERE id = $1', [actor.id]);
      await other.query('COMMIT');
      expectProblem(await changing, 401, 'token_revoked');
    } finally {
      await other.end();
    }
    expect([await statusNow(), await left(), await steps()]).toEqual(['pending', [7, 1], 1]);
  });
});
