import { expectInvalid, expectProblem } from './support/answers';
import { orderOf, type Person, Shop } from './support/shop';

describe('the coupon of a cart', () => {
  let shop: Shop;
  let ann: Person;
  let productId: string;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  beforeEach(async () => {
    ann = await shop.customer();
    productId = (await shop.product({ price: 10 })).id;
    await ann.api.post('/cart/items', { productId, quantity: 2 });
  });

  afterAll(() => shop.close());

  const attach = (code: string) => ann.api.post('/cart/coupon', { code });
  const cart = async () => (await ann.api.get('/cart')).body;

  it('is shown with its discount, and leaves again', async () => {
    const { code } = await shop.coupon({ discountPercent: 25, description: 'Spring' });
    const { status, body } = await attach(code.toLowerCase());
    expect(status).toBe(200);
    expect(body).toMatchObject({
      coupon: { code, description: 'Spring' },
      subtotal: 20,
      discount: 5,
      total: 15,
    });
    expect(await cart()).toEqual(body);
    expect((await ann.api.delete('/cart/coupon')).body).toMatchObject({
      coupon: null,
      discount: 0,
      total: 20,
    });
    expect((await ann.api.delete('/cart/coupon')).status).toBe(200);
  });

  it('is not spent by being attached', async () => {
    const coupon = await shop.coupon({ usageLimit: 1 });
    await attach(coupon.code);
    const ben = await shop.customer();
    await ben.api.post('/cart/items', { productId, quantity: 1 });
    expect((await ben.api.post('/cart/coupon', { code: coupon.code })).body.discount).toBe(1);
    expect((await shop.admin.api.get(`/coupons/${coupon.id}`)).body.usageCount).toBe(0);
  });

  it('leaves when the cart is emptied', async () => {
    await attach((await shop.coupon()).code);
    const { status, body } = await ann.api.delete('/cart');
    expect({ status, body }).toEqual({ status: 204, body: '' });
    expect(await cart()).toMatchObject({ items: [], coupon: null, currency: 'USD', total: 0 });
    expect((await ann.api.delete('/cart')).status).toBe(204);
  });

  it('is replaced by another one', async () => {
    const [ten, half] = [
      await shop.coupon({ discountPercent: 10 }),
      await shop.coupon({ discountPercent: 50 }),
    ];
    await attach(ten.code);
    expect((await attach(half.code)).body).toMatchObject({ coupon: { code: half.code }, discount: 10 });
  });

  it('stays as it is when a bad code is tried', async () => {
    const { code } = await shop.coupon();
    await attach(code);
    expectProblem(await attach('NO-SUCH-CODE'), 422, 'coupon_not_found');
    expectInvalid(await ann.api.post('/cart/coupon', {}), 'code');
    expect((await cart()).coupon.code).toBe(code);
  });

  it('follows the cart and the prices of today', async () => {
    const { code } = await shop.coupon({ discountPercent: 10 });
    await attach(code);
    await shop.editor.api.patch(`/products/${productId}`, { price: 33.33 });
    expect(await cart()).toMatchObject({ subtotal: 66.66, discount: 6.67, total: 59.99 });
    await ann.api.put(`/cart/items/${productId}`, { quantity: 1 });
    expect(await cart()).toMatchObject({ subtotal: 33.33, discount: 3.33, total: 30 });
  });

  it('previews to the cent what checkout then takes off', async () => {
    const { code } = await shop.coupon({ discountPercent: 12.5, maxDiscount: 40 });
    const odd = await shop.product({ price: 7.77 });
    await ann.api.post('/cart/items', { productId: odd.id, quantity: 3 });
    const preview = (await attach(code)).body;
    const validated = (await ann.api.post('/coupons/validate', { code })).body;
    const order = (await ann.api.post('/orders', orderOf())).body;
    const { subtotal, discount, total } = preview;
    expect(discount).toBe(5.41);
    expect(validated).toEqual({ code, currency: 'USD', subtotal, discount, total });
    expect(order).toMatchObject({ couponCode: code, subtotal, discount, total });
  });

  it.each([
    ['coupon_inactive', 422, { isActive: false }],
    ['coupon_not_started', 422, { validFrom: '2999-01-01T00:00:00Z' }],
    ['coupon_expired', 422, { validUntil: '2001-01-01T00:00:00Z' }],
    ['coupon_min_purchase', 422, { minPurchase: 20.01 }],
    ['coupon_currency', 422, { discountPercent: null, discountAmount: 1 }],
  ] as const)('shows no discount once checkout would refuse it with %s', async (code, status, fields) => {
    const coupon = await shop.coupon();
    await attach(coupon.code);
    if (code === 'coupon_currency')
      await shop.editor.api.patch(`/products/${productId}`, { currency: 'EUR' });
    if (code === 'coupon_currency') await ann.api.post('/cart/items', { productId, quantity: 1 });
    expect((await shop.admin.api.patch(`/coupons/${coupon.id}`, fields)).status).toBe(200);
    const shown = await cart();
    expect(shown).toMatchObject({ coupon: { code: coupon.code }, discount: 0, total: shown.subtotal });
    expectProblem(await ann.api.post('/orders', orderOf()), status, code);
    expectProblem(await ann.api.post('/coupons/validate', { code: coupon.code }), status, code);
    expect(await cart()).toEqual(shown);
  });

  it('shows no discount once it is deleted, and checkout refuses until it is taken off', async () => {
    const coupon = await shop.coupon();
    await attach(coupon.code);
    await shop.admin.api.delete(`/coupons/${coupon.id}`);
    expect(await cart()).toMatchObject({ coupon: { code: coupon.code }, discount: 0, total: 20 });
    expectProblem(await ann.api.post('/orders', orderOf()), 422, 'coupon_not_found');
    await ann.api.delete('/cart/coupon');
    expect((await ann.api.post('/orders', orderOf())).body).toMatchObject({ total: 20, couponCode: null });
  });

  it('shows no discount once others have used it up', async () => {
    const coupon = await shop.coupon({ usageLimit: 1 });
    await attach(coupon.code);
    await shop.order(await shop.customer(), [{ productId, quantity: 1 }], { couponCode: coupon.code });
    expect(await cart()).toMatchObject({ coupon: { code: coupon.code }, discount: 0, total: 20 });
    expectProblem(await ann.api.post('/orders', orderOf()), 409, 'coupon_exhausted');
    expect((await cart()).itemCount).toBe(2);
  });

  it('leaves the products that are not for sale out of the discount', async () => {
    const gone = await shop.product({ price: 80 });
    await ann.api.post('/cart/items', { productId: gone.id, quantity: 1 });
    await attach((await shop.coupon({ discountPercent: 10 })).code);
    await shop.editor.api.delete(`/products/${gone.id}`);
    expect(await cart()).toMatchObject({ subtotal: 20, discount: 2, total: 18 });
  });
});
