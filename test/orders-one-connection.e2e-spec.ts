import { atOnce, expectProblem, tally } from './support/answers';
import type { Json } from './support/api-client';
import { orderOf, type Person, Shop, unique } from './support/shop';

describe('a shop with one connection to its database', () => {
  let shop: Shop;
  let ann: Person;
  let product: Json;

  beforeAll(async () => {
    shop = await Shop.open({ settings: { DATABASE_POOL_SIZE: '1' } });
  });

  beforeEach(async () => {
    [ann, product] = [await shop.customer(), await shop.product({ stock: 30 })];
  });

  afterAll(() => shop.close());

  const key = () => ({ 'Idempotency-Key': unique() });

  it('sells from the cart with a coupon, and cancels, as any other', async () => {
    const coupon = await shop.coupon();
    await ann.api.post('/cart/items', { productId: product.id, quantity: 2 });
    await ann.api.post('/cart/coupon', { code: coupon.code });
    expect((await ann.api.post('/coupons/validate', { code: coupon.code })).body.discount).toBe(2);
    const order = await ann.api.post('/orders', orderOf({ expectedTotal: 18 }), key());
    expect([order.status, order.body.total]).toEqual([201, 18]);
    expect((await ann.api.get('/orders')).body.data).toEqual([order.body]);
    expect((await ann.api.get(`/orders/${order.body.id}/events`)).body.data).toHaveLength(1);
    await shop.editor.api.put(`/orders/${order.body.id}/payment-status`, { paymentStatus: 'paid' });
    expect((await ann.api.post(`/orders/${order.body.id}/cancel`, {}, key())).status).toBe(200);
    expect((await shop.admin.api.get(`/coupons/${coupon.id}/redemptions`)).body.data).toHaveLength(1);
    expect((await shop.admin.api.delete(`/orders/${order.body.id}`)).status).toBe(204);
    expect((await shop.admin.api.get(`/users/${ann.id}/cart`)).body.items).toEqual([]);
  });

  it('takes the cart of a guest over', async () => {
    const guest = await shop.guest({ productId: product.id, quantity: 2 });
    const headers = { 'X-Cart-Token': guest.token };
    const { status } = await shop.api.post(
      '/auth/login',
      { email: ann.email, password: ann.password },
      headers,
    );
    expect(status).toBe(200);
    expect((await ann.api.get('/cart')).body.itemCount).toBe(2);
  });

  it('keeps refusals under their key', async () => {
    const body = orderOf({ items: [{ productId: product.id, quantity: 31 }] });
    const headers = key();
    const refused = await ann.api.post('/orders', body, headers);
    expectProblem(refused, 409, 'insufficient_stock');
    expect((await ann.api.post('/orders', body, headers)).body).toEqual(refused.body);
  });

  it('serves fifteen buyers at once, each with a key', async () => {
    const body = orderOf({ items: [{ productId: product.id, quantity: 1 }] });
    const answers = await atOnce(15, () => ann.api.post('/orders', body, key()));
    expect(tally(answers)).toEqual({ '201': 15 });
    expect((await shop.api.get(`/products/${product.id}`)).body.stock).toBe(15);
  });

  it('lets an editor adjust the stock and an admin keep coupons', async () => {
    const path = `/products/${product.id}/stock-adjustments`;
    expect((await shop.editor.api.post(path, { delta: -1, reason: 'Broken' }, key())).status).toBe(201);
    expect((await shop.editor.api.get(path)).body.data).toHaveLength(2);
    const { id } = await shop.coupon();
    expect((await shop.admin.api.patch(`/coupons/${id}`, { usageLimit: 2 })).status).toBe(200);
    expect((await shop.admin.api.delete(`/coupons/${id}`)).status).toBe(204);
  });
});
