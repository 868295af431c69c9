import { createHash } from 'node:crypto';
import { atOnce, expectInvalid, expectProblem, tally } from './support/answers';
import type { ApiClient, Json } from './support/api-client';
import { type Guest, orderOf, PASSWORD, Shop } from './support/shop';

const UNKNOWN_TOKEN = 'x'.repeat(43);

describe('the cart of a guest', () => {
  let shop: Shop;
  let guest: Guest;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  beforeEach(async () => {
    guest = await shop.guest();
  });

  afterAll(() => shop.close());

  const add = (productId: string, quantity = 1) => guest.api.post('/cart/items', { productId, quantity });
  const withToken = (token: string): ApiClient => shop.api.with({ 'X-Cart-Token': token });
  /** Every request that a cart takes, of a client that has one or none. */
  const usesOf = (api: ApiClient, productId: string) => [
    api.get('/cart'),
    api.post('/cart/items', { productId, quantity: 1 }),
    api.put('/cart/items', { items: [{ productId, quantity: 1 }] }),
    api.put(`/cart/items/${productId}`, { quantity: 1 }),
    api.delete(`/cart/items/${productId}`),
    api.post('/cart/coupon', { code: 'SUMMER' }),
    api.delete('/cart/coupon'),
    api.delete('/cart'),
  ];

  it('is made without signing in, empty, with a token that is shown this once', async () => {
    const { status, headers, body } = await shop.api.post('/carts');
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      currency: 'USD',
      items: [],
      itemCount: 0,
      subtotal: 0,
      coupon: null,
      discount: 0,
      total: 0,
      version: 1,
      updatedAt: expect.stringMatching(/Z$/),
      token: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(headers.get('location')).toBe('/api/cart');
    expect(headers.get('cache-control')).toBe('private, no-store');
    const { token, ...cart } = body;
    const read = await withToken(token).get('/cart');
    expect([read.status, read.body]).toEqual([200, cart]);
    expect(read.headers.get('etag')).toBe(headers.get('etag'));
    expect(read.headers.get('cache-control')).toBe('private, no-store');
  });

  it('is another one each time, and kept by the hash of its token only', async () => {
    const carts = await atOnce(10, async () => (await shop.api.post('/carts')).body);
    expect(new Set(carts.map(({ id }) => id)).size).toBe(10);
    expect(new Set(carts.map(({ token }) => token)).size).toBe(10);
    const [{ id, token }] = carts as [Json];
    const [row] = await shop.query(
      'SELECT user_id, token_hash, carts::text AS text FROM carts WHERE id = $1',
      [id],
    );
    expect(row).toMatchObject({ user_id: null, token_hash: createHash('sha256').update(token).digest() });
    expect(row.text).not.toContain(token);
  });

  it('does all that the cart of a user does', async () => {
    const [lamp, mug] = [await shop.product({ price: 19.99 }), await shop.product({ price: 0.1 })];
    expect((await add(lamp.id, 2)).status).toBe(200);
    expect((await add(mug.id, 3)).body).toMatchObject({ itemCount: 5, subtotal: 40.28, total: 40.28 });
    expect((await guest.api.put(`/cart/items/${mug.id}`, { quantity: 1 })).body.itemCount).toBe(3);
    expect((await guest.api.delete(`/cart/items/${lamp.id}`)).body.itemCount).toBe(1);
    const items = [{ productId: lamp.id, quantity: 4 }];
    const { body } = await guest.api.put('/cart/items', { items });
    expect(body.items).toEqual([expect.objectContaining({ productId: lamp.id, quantity: 4, issue: null })]);
    expect((await guest.api.get('/cart')).body).toEqual(body);
    expect((await guest.api.delete('/cart')).status).toBe(204);
    expect((await guest.api.get('/cart')).body).toMatchObject({ id: body.id, items: [], currency: 'USD' });
  });

  it('keeps the rules of a cart', async () => {
    const [scarce, eur, draft] = [
      await shop.product({ stock: 2 }),
      await shop.product({ currency: 'EUR' }),
      await shop.product({ status: 'draft' }),
    ];
    const short = await add(scarce.id, 3);
    expectProblem(short, 409, 'insufficient_stock');
    expect(short.body.available).toBe(2);
    await add(scarce.id, 1);
    expectProblem(await add(eur.id), 409, 'currency_mismatch');
    expectProblem(await add(draft.id), 409, 'product_unavailable');
    expectInvalid(await add(scarce.id, 1000), 'quantity');
    await shop.editor.api.patch(`/products/${scarce.id}`, { stock: 0 });
    expect((await guest.api.get('/cart')).body.items[0].issue).toBe('out_of_stock');
  });

  it('has an ETag for conditional reads and writes', async () => {
    const product = await shop.product();
    const etag = (await add(product.id)).headers.get('etag') ?? '';
    expect((await guest.api.get('/cart', { 'If-None-Match': etag })).status).toBe(304);
    await add(product.id);
    const stale = await guest.api.delete('/cart', { 'If-Match': etag });
    expectProblem(stale, 412, 'version_mismatch');
    expect((await guest.api.get('/cart')).body.itemCount).toBe(2);
  });

  it('keeps all that is added at once', async () => {
    const products = await atOnce(10, () => shop.product());
    const [first] = products;
    const answers = await Promise.all([
      ...products.map(({ id }) => add(id)),
      ...products.map(() => add(first.id)),
    ]);
    expect(tally(answers)).toEqual({ '200': 20 });
    expect((await guest.api.get('/cart')).body).toMatchObject({ itemCount: 20, version: 21 });
  });

  it('previews a coupon, whose limit for each user checkout then holds', async () => {
    const product = await shop.product({ price: 10 });
    const coupon = await shop.coupon({ discountPercent: 20, usageLimitPerUser: 1 });
    await add(product.id, 2);
    const { status, body } = await guest.api.post('/cart/coupon', { code: coupon.code.toLowerCase() });
    expect(status).toBe(200);
    expect(body).toMatchObject({ coupon: { code: coupon.code }, subtotal: 20, discount: 4, total: 16 });
    expectProblem(await guest.api.post('/cart/coupon', { code: 'NO-SUCH' }), 422, 'coupon_not_found');
    expect((await guest.api.delete('/cart/coupon')).body).toMatchObject({ coupon: null, total: 20 });
    expectProblem(await guest.api.post('/coupons/validate', { code: coupon.code }), 401, 'unauthenticated');
  });

  it('is had by its token only: an unknown one is 404, none at all is 401', async () => {
    const { id } = await shop.product();
    const unknown = await Promise.all(usesOf(withToken(UNKNOWN_TOKEN), id));
    expect(tally(unknown)).toEqual({ '404 not_found': 8 });
    for (const token of ['x', 'two words', `${guest.token}x`, `${guest.token}, ${guest.token}`])
      expectProblem(await withToken(token).get('/cart'), 404, 'not_found');
    const none = await Promise.all([...usesOf(shop.api, id), ...usesOf(withToken(''), id)]);
    expect(tally(none)).toEqual({ '401 unauthenticated': 16 });
    expect(none[0]?.headers.get('www-authenticate')).toBe('Bearer');
    expect((await shop.query(`SELECT FROM carts WHERE token_hash IS NULL AND user_id IS NULL`)).length).toBe(
      0,
    );
  });

  it('says nothing beside a Bearer token, which must be good', async () => {
    const [ann, product] = [await shop.customer(), await shop.product()];
    await add(product.id, 3);
    const both = ann.api.with({ 'X-Cart-Token': guest.token });
    expect((await both.get('/cart')).body.items).toEqual([]);
    await both.post('/cart/items', { productId: product.id, quantity: 1 });
    expect((await ann.api.get('/cart')).body.itemCount).toBe(1);
    expect((await ann.api.with({ 'X-Cart-Token': UNKNOWN_TOKEN }).get('/cart')).status).toBe(200);
    const bad = await guest.api.as('nonsense').get('/cart');
    expectProblem(bad, 401, 'invalid_token');
    await ann.api.post('/auth/logout');
    expectProblem(await both.get('/cart'), 401, 'token_revoked');
    expect((await guest.api.get('/cart')).body.itemCount).toBe(3);
  });

  it('opens no other door: an order, a profile and the list of carts want a user', async () => {
    const product = await shop.product();
    await add(product.id);
    expectProblem(await guest.api.post('/orders', orderOf()), 401, 'unauthenticated');
    expectProblem(await guest.api.get('/auth/me'), 401, 'unauthenticated');
    expectProblem(await guest.api.get('/carts'), 404, 'route_not_found');
    const { id } = (await guest.api.get('/cart')).body;
    expectProblem(await guest.api.get(`/carts/${id}`), 404, 'route_not_found');
    expectProblem(await shop.admin.api.get(`/users/${id}/cart`), 404, 'not_found');
  });

  it('takes nothing with it when it is made', async () => {
    expectInvalid(await shop.api.post('/carts', { token: UNKNOWN_TOKEN }), 'token');
    expectInvalid(await shop.api.post('/carts?token=1'), 'token');
    expectProblem(await shop.api.as('nonsense').post('/carts'), 401, 'invalid_token');
  });

  it('is left alone by orders of the same products, and by an account that is erased', async () => {
    const [ann, product] = [await shop.customer(), await shop.product({ stock: 2 })];
    await add(product.id, 2);
    await ann.api.post('/cart/items', { productId: product.id, quantity: 2 });
    expect((await ann.api.post('/orders', orderOf())).status).toBe(201);
    expect((await guest.api.get('/cart')).body).toMatchObject({
      itemCount: 2,
      items: [{ issue: 'out_of_stock' }],
    });
    await ann.api.delete('/users/me', {}, { password: PASSWORD });
    expect((await guest.api.get('/cart')).body.itemCount).toBe(2);
  });
});
