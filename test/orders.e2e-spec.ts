import { expectInvalid, expectProblem, tally } from './support/answers';
import type { Json } from './support/api-client';
import { type Person, Shop } from './support/shop';

const UNKNOWN_ID = '01900000-0000-7000-8000-000000000000';

describe('orders after they are placed', () => {
  let shop: Shop;
  let ann: Person;
  let ben: Person;
  let productId: string;

  beforeAll(async () => {
    shop = await Shop.open();
    productId = (await shop.product({ stock: 1000 })).id;
  });

  beforeEach(async () => {
    [ann, ben] = [await shop.customer(), await shop.customer()];
  });

  afterAll(() => shop.close());

  const buy = (person: Person) => shop.order(person, [{ productId, quantity: 1 }]);
  const list = async (person: Person, query = ''): Promise<string[]> => {
    const { status, body } = await person.api.get(`/orders${query}`);
    expect(status).toBe(200);
    return body.data.map((order: Json) => order.id);
  };
  const move = (order: Json, status: string) => shop.editor.api.put(`/orders/${order.id}/status`, { status });

  it('are listed to their owner, newest first, in pages', async () => {
    const orders = [await buy(ann), await buy(ann), await buy(ann)];
    await buy(ben);
    const newestFirst = orders.map(({ id }) => id).reverse();
    expect(await list(ann)).toEqual(newestFirst);
    const { headers, body } = await ann.api.get('/orders?limit=2&page=2');
    expect(body.data).toEqual([orders[0]]);
    expect(body.meta).toEqual({ page: 2, limit: 2, totalItems: 3, totalPages: 2 });
    expect(headers.get('link')).toContain('rel="first"');
    expect(headers.get('cache-control')).toBe('private, no-store');
  });

  it('are found by status, number and time', async () => {
    const [first, second] = [await buy(ann), await buy(ann)];
    await move(second, 'processing');
    expect(await list(ann, '?status=processing')).toEqual([second.id]);
    expect(await list(ann, '?status=delivered')).toEqual([]);
    expect(await list(ann, `?number=${first.number.toLowerCase()}`)).toEqual([first.id]);
    expect(await list(ann, `?number=${first.number.slice(0, 6)}`)).toEqual([]);
    expect(await list(ann, '?number=%20')).toEqual([second.id, first.id]);
    await shop.query(`UPDATE orders SET created_at = '2026-03-01T10:00:00Z' WHERE id = $1`, [first.id]);
    const at = encodeURIComponent('2026-03-01T11:00:00+01:00');
    expect(await list(ann, `?createdFrom=${at}&createdTo=2026-03-01T10:00:00.001Z`)).toEqual([first.id]);
    expect(await list(ann, `?createdTo=${at}`)).toEqual([]);
    expect(await list(ann, `?createdFrom=2026-03-01T10:00:00.001Z`)).toEqual([second.id]);
  });

  it.each([
    ['status', 'status=lost'],
    ['createdFrom', 'createdFrom=2026-02-30T00:00:00Z'],
    ['createdTo', 'createdTo=yesterday'],
    ['mine', 'mine=1'],
    ['limit', 'limit=101'],
    ['page', 'page=0'],
    ['colour', 'colour=red'],
    ['status', 'status=pending&status=shipped'],
  ])('are not listed by a bad %s: %s', async (field, query) => {
    expectInvalid(await ann.api.get(`/orders?${query}`), field);
  });

  it.each(['1000-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999Z', '2026-01-01T00:00:00%2B23:59'])(
    'are listed whatever the instant: %s',
    async (instant) => {
      expect((await ann.api.get(`/orders?createdFrom=${instant}`)).status).toBe(200);
      expect((await ann.api.get(`/orders?createdTo=${instant}`)).status).toBe(200);
    },
  );

  it('are listed to staff for all customers, for one, or for themselves', async () => {
    const [annsOrder, bensOrder, editorsOrder] = [await buy(ann), await buy(ben), await buy(shop.editor)];
    const all = await list(shop.editor, '?limit=100');
    expect(all).toEqual(expect.arrayContaining([annsOrder.id, bensOrder.id, editorsOrder.id]));
    expect(await list(shop.editor, `?userId=${ben.id}`)).toEqual([bensOrder.id]);
    expect(await list(shop.admin, `?userId=${ben.id}&status=shipped`)).toEqual([]);
    expect(await list(shop.editor, '?mine=true')).toEqual([editorsOrder.id]);
    expect(await list(shop.editor, '?mine=false&limit=100')).toEqual(all);
    expect(await list(ann, '?mine=true')).toEqual([annsOrder.id]);
    expect(await list(ann, '?mine=false')).toEqual([annsOrder.id]);
    for (const { id } of [ann, ben]) {
      expectProblem(await ann.api.get(`/orders?userId=${id}`), 403, 'forbidden');
    }
    expectProblem(await shop.api.get('/orders'), 401, 'unauthenticated');
  });

  it('are shown to their owner and to staff, and do not exist for others', async () => {
    const order = await buy(ann);
    const path = `/orders/${order.id}`;
    for (const { api } of [ann, shop.editor, shop.admin]) expect((await api.get(path)).body).toEqual(order);
    const answers = [
      await ben.api.get(path),
      await ben.api.get(`${path}/events`),
      await ben.api.post(`${path}/cancel`),
      await ann.api.get(`/orders/${UNKNOWN_ID}`),
      await shop.admin.api.get(`/orders/${UNKNOWN_ID}`),
      await shop.editor.api.put(`/orders/${UNKNOWN_ID}/status`, { status: 'processing' }),
      await shop.editor.api.patch(`/orders/${UNKNOWN_ID}`, { note: 'x' }),
      await shop.admin.api.delete(`/orders/${UNKNOWN_ID}`),
    ];
    expect(tally(answers)).toEqual({ '404 not_found': 8 });
    expectProblem(await ann.api.get(`/orders/${order.number}`), 400, 'malformed_id');
    expectProblem(await shop.api.get(path), 401, 'unauthenticated');
  });

  it('are changed by staff only, and deleted by admins only', async () => {
    const { id } = await buy(ann);
    const answers = [
      await ann.api.put(`/orders/${id}/status`, { status: 'processing' }),
      await ann.api.put(`/orders/${id}/payment-status`, { paymentStatus: 'paid' }),
      await ann.api.patch(`/orders/${id}`, { note: 'Free, please' }),
      await ann.api.delete(`/orders/${id}`),
      await shop.editor.api.delete(`/orders/${id}`),
    ];
    expect(tally(answers)).toEqual({ '403 forbidden': 5 });
    expect((await ann.api.get(`/orders/${id}`)).body.version).toBe(1);
  });

  it('honour If-None-Match, and say 200 when something moved', async () => {
    const order = await buy(ann);
    const { headers } = await ann.api.get(`/orders/${order.id}`);
    const condition = { 'If-None-Match': headers.get('etag') ?? '' };
    expect((await ann.api.get(`/orders/${order.id}`, condition)).status).toBe(304);
    await move(order, 'processing');
    const moved = await ann.api.get(`/orders/${order.id}`, condition);
    expect([moved.status, moved.body.status, moved.headers.get('etag')]).toEqual([200, 'processing', '"2"']);
  });

  it('refuse every write with a stale version, and change nothing', async () => {
    const order = await buy(ann);
    const path = `/orders/${order.id}`;
    const stale = { 'If-Match': '"1"' };
    await shop.editor.api.patch(path, { note: 'Seen' }, stale);
    const before = (await ann.api.get(path)).body;
    expect(before.version).toBe(2);
    const answers = [
      await shop.editor.api.put(`${path}/status`, { status: 'processing' }, stale),
      await shop.editor.api.put(`${path}/payment-status`, { paymentStatus: 'paid' }, stale),
      await shop.editor.api.patch(path, { note: 'Again' }, stale),
      await ann.api.post(`${path}/cancel`, undefined, stale),
      await shop.admin.api.delete(path, stale),
    ];
    expect(tally(answers)).toEqual({ '412 version_mismatch': 5 });
    expect((await ann.api.get(path)).body).toEqual(before);
    expect((await ann.api.post(`${path}/cancel`, undefined, { 'If-Match': '"2"' })).status).toBe(200);
  });

  it('take a tracking number and a note, each by itself', async () => {
    const { id } = await buy(ann);
    const patch = (fields: object) => shop.editor.api.patch(`/orders/${id}`, fields);
    expect((await patch({ trackingNumber: 'T-1' })).body).toMatchObject({
      trackingNumber: 'T-1',
      note: null,
    });
    const both = await patch({ note: 'Fragile' });
    expect([both.status, both.headers.get('etag')]).toEqual([200, '"3"']);
    expect(both.body).toMatchObject({ trackingNumber: 'T-1', note: 'Fragile', version: 3 });
    expect((await patch({ trackingNumber: null })).body).toMatchObject({
      trackingNumber: null,
      note: 'Fragile',
    });
    expectInvalid(await patch({ status: 'shipped' }), 'status');
    expectInvalid(await patch({ total: 0 }), 'total');
  });

  it('are cancelled and then gone once an admin deletes them', async () => {
    const product = await shop.product({ stock: 5 });
    const coupon = await shop.coupon();
    const fields = { couponCode: coupon.code };
    const order = await shop.order(ann, [{ productId: product.id, quantity: 2 }], fields);
    expect((await shop.admin.api.delete(`/orders/${order.id}`)).status).toBe(204);
    const answers = [
      await ann.api.get(`/orders/${order.id}`),
      await shop.admin.api.get(`/orders/${order.id}`),
      await ann.api.get(`/orders/${order.id}/events`),
      await ann.api.post(`/orders/${order.id}/cancel`),
      await move(order, 'processing'),
      await shop.admin.api.delete(`/orders/${order.id}`),
    ];
    expect(tally(answers)).toEqual({ '404 not_found': 6 });
    expect(await list(ann)).toEqual([]);
    expect(await list(shop.editor, `?userId=${ann.id}`)).toEqual([]);
    expect((await shop.editor.api.get(`/products/${product.id}`)).body.stock).toBe(5);
    expect((await shop.admin.api.get(`/coupons/${coupon.id}`)).body.usageCount).toBe(0);
    const [row] = await shop.query('SELECT status, total_minor FROM orders WHERE id = $1', [order.id]);
    expect(row).toEqual({ status: 'cancelled', total_minor: '1800' });
  });

  it('keep the stock that has left the house when they are deleted', async () => {
    const product = await shop.product({ stock: 5 });
    const order = await shop.order(ann, [{ productId: product.id, quantity: 2 }]);
    await move(order, 'processing');
    await move(order, 'shipped');
    expect((await shop.admin.api.delete(`/orders/${order.id}`)).status).toBe(204);
    expect((await shop.editor.api.get(`/products/${product.id}`)).body.stock).toBe(3);
  });
});
