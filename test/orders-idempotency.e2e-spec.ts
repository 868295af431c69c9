import { atOnce, expectInvalid, expectProblem, tally } from './support/answers';
import type { Answer, Json } from './support/api-client';
import { orderOf, type Person, Shop, unique } from './support/shop';

describe('a request that comes again under its Idempotency-Key', () => {
  let shop: Shop;
  let ann: Person;
  let product: Json;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  beforeEach(async () => {
    ann = await shop.customer();
    product = await shop.product({ stock: 50 });
  });

  afterAll(() => shop.close());

  const order = (key: string, fields: object = {}, person: Person = ann): Promise<Answer<Json>> => {
    const body = orderOf({ items: [{ productId: product.id, quantity: 1 }], ...fields });
    return person.api.post('/orders', body, { 'Idempotency-Key': key });
  };
  const stock = async () => (await shop.editor.api.get(`/products/${product.id}`)).body.stock;
  const setStock = (value: number) => shop.editor.api.patch(`/products/${product.id}`, { stock: value });
  const replayed = ({ headers }: Answer<Json>) => headers.get('idempotent-replayed');

  it('gets the first answer, status, body and headers, and orders nothing', async () => {
    const key = unique();
    const first = await order(key);
    await shop.editor.api.put(`/orders/${first.body.id}/status`, { status: 'processing' });
    const again = await order(key);
    expect([first.status, replayed(first)]).toEqual([201, null]);
    expect([again.status, replayed(again)]).toEqual([201, 'true']);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(await stock()).toBe(49);
  });

  it('gets the first answer whatever order the members of its JSON are in', async () => {
    const key = unique();
    const first = await order(key, { note: 'Ring twice' });
    const { items, shippingAddress, ...fields } = orderOf({
      note: 'Ring twice',
      items: [{ quantity: 1, productId: product.id }],
    }) as Json;
    const turned = Object.fromEntries(Object.entries(shippingAddress).toReversed());
    const body = { ...fields, shippingAddress: turned, items };
    const again = await ann.api.post('/orders', body, { 'Idempotency-Key': key });
    expect([again.status, replayed(again)]).toEqual([201, 'true']);
    expect(again.body).toEqual(first.body);
  });

  it('is refused with another body, and the first answer stays', async () => {
    const key = unique();
    const first = await order(key);
    expectProblem(await order(key, { note: 'Other' }), 422, 'idempotency_key_reused');
    expect((await order(key)).body).toEqual(first.body);
    expect(await stock()).toBe(49);
  });

  it('is refused on another route', async () => {
    const [key, other] = [unique(), await shop.order(ann, [{ productId: product.id, quantity: 1 }])];
    await order(key);
    const headers = { 'Idempotency-Key': key };
    const cancel = await ann.api.post(`/orders/${other.id}/cancel`, orderOf(), headers);
    expect(cancel.status).toBe(422);
    expectProblem(
      await ann.api.post(`/orders/${other.id}/cancel`, {}, headers),
      422,
      'idempotency_key_reused',
    );
  });

  it('makes one order when it comes twenty times at once', async () => {
    const key = unique();
    const answers = await atOnce(20, () => order(key));
    const { '201': made = 0, '409 idempotency_in_progress': waiting = 0 } = tally(answers);
    expect(made).toBeGreaterThanOrEqual(1);
    expect(made + waiting).toBe(20);
    const bodies = answers.filter(({ status }) => status === 201).map(({ body }) => JSON.stringify(body));
    expect(new Set(bodies).size).toBe(1);
    expect(answers.filter((answer) => answer.status === 201 && replayed(answer) === null)).toHaveLength(1);
    expect((await order(key)).body).toEqual(JSON.parse(bodies[0] ?? ''));
    expect(await stock()).toBe(49);
  });

  it('never tells one who retries a checkout that the cart is empty', async () => {
    for (const round of [1, 2, 3, 4, 5]) {
      await ann.api.put('/cart/items', { items: [{ productId: product.id, quantity: round }] });
      const key = unique();
      const answers = await atOnce(16, () => order(key, { items: undefined }));
      const { '201': made = 0, '409 idempotency_in_progress': waiting = 0 } = tally(answers);
      expect({ round, ...tally(answers) }).toEqual({
        round,
        '201': made,
        ...(waiting > 0 && { '409 idempotency_in_progress': waiting }),
      });
    }
    expect(await stock()).toBe(50 - 15);
  });

  it('gets the first refusal again, even when the reason has gone', async () => {
    const key = unique();
    await setStock(0);
    const refused = await order(key);
    expectProblem(refused, 409, 'insufficient_stock');
    await setStock(10);
    const again = await order(key);
    expectProblem(again, 409, 'insufficient_stock');
    expect([again.body, replayed(again)]).toEqual([refused.body, 'true']);
    expect((await order(unique())).status).toBe(201);
  });

  it('gets one and the same refusal when it comes many times at once', async () => {
    await setStock(0);
    const key = unique();
    const answers = await atOnce(12, () => order(key));
    const refusals = answers.filter(({ body }) => body.code === 'insufficient_stock');
    const { '409 idempotency_in_progress': waiting = 0 } = tally(answers);
    expect(refusals.length + waiting).toBe(12);
    expect(new Set(refusals.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(refusals.filter((answer) => replayed(answer) === null)).toHaveLength(1);
  });

  it('gets a refusal by a coupon’s rule again', async () => {
    const [key, coupon] = [unique(), await shop.coupon({ isActive: false })];
    const refused = await order(key, { couponCode: coupon.code });
    expectProblem(refused, 422, 'coupon_inactive');
    await shop.admin.api.patch(`/coupons/${coupon.id}`, { isActive: true });
    expect((await order(key, { couponCode: coupon.code })).body).toEqual(refused.body);
  });

  it('runs anew after a bad field, a missing right or a bad token, which are not kept', async () => {
    const key = unique();
    expectInvalid(await order(key, { paymentMethod: 'barter' }), 'paymentMethod');
    expectInvalid(await order(key, { expectedTotal: 10.001 }), 'expectedTotal');
    const headers = { 'Idempotency-Key': key };
    expectProblem(await ann.api.post('/products', {}, headers), 403, 'forbidden');
    expectProblem(await shop.api.post('/orders', orderOf(), headers), 401, 'unauthenticated');
    const made = await order(key);
    expect([made.status, replayed(made)]).toEqual([201, null]);
  });

  it('runs anew after 24 hours', async () => {
    const key = unique();
    const first = await order(key);
    const back = `created_at = created_at - interval '24 hours'`;
    await shop.query(`UPDATE idempotency_records SET ${back} WHERE owner = $1`, [ann.id]);
    await shop.query(`UPDATE orders SET ${back} WHERE user_id = $1`, [ann.id]);
    const second = await order(key);
    expect([second.status, replayed(second)]).toEqual([201, null]);
    expect(second.body.id).not.toBe(first.body.id);
    expect((await order(key)).body).toEqual(second.body);
    expect(await stock()).toBe(48);
  });

  it('is replayed until just before that', async () => {
    const key = unique();
    const first = await order(key);
    await shop.query(
      `UPDATE idempotency_records SET created_at = created_at - interval '23 hours 59 minutes' WHERE owner = $1`,
      [ann.id],
    );
    expect((await order(key)).body).toEqual(first.body);
  });

  it('is refused under a key that is no key', async () => {
    for (const key of ['', 'k'.repeat(256), 'two words', 'schlüssel']) {
      expectProblem(await order(key), 400, 'malformed_request');
    }
    expect(await stock()).toBe(50);
    expect((await order('k'.repeat(255))).status).toBe(201);
    expect((await order('!~#/{}"')).status).toBe(201);
  });

  it('is one’s own: two users may have the same key', async () => {
    const [key, ben] = [unique(), await shop.customer()];
    const [mine, theirs] = [await order(key), await order(key, {}, ben)];
    expect([mine.status, theirs.status, replayed(theirs)]).toEqual([201, 201, null]);
    expect(theirs.body.customer.id).toBe(ben.id);
  });

  it('cancels once, and says so again', async () => {
    const { id } = (await order(unique())).body;
    const cancel = (key: string) =>
      ann.api.post(`/orders/${id}/cancel`, undefined, { 'Idempotency-Key': key });
    const key = unique();
    const [first, again] = [await cancel(key), await cancel(key)];
    expect([first.status, again.status, replayed(again)]).toEqual([200, 200, 'true']);
    expect(again.body).toEqual(first.body);
    expectProblem(await cancel(unique()), 409, 'illegal_transition');
    expect(await stock()).toBe(50);
  });

  it('adjusts the stock once', async () => {
    const adjust = (key: string) => {
      const body = { delta: 5, reason: 'Delivery' };
      return shop.editor.api.post(`/products/${product.id}/stock-adjustments`, body, {
        'Idempotency-Key': key,
      });
    };
    const key = unique();
    const [first, again] = [await adjust(key), await adjust(key)];
    expect([first.status, again.status, replayed(again)]).toEqual([201, 201, 'true']);
    expect(again.body).toEqual(first.body);
    expect(await stock()).toBe(55);
  });

  it('keeps nothing of a person who left', async () => {
    await order(unique());
    expect((await shop.admin.api.delete(`/users/${ann.id}`)).status).toBe(204);
    expect(await shop.query('SELECT key FROM idempotency_records WHERE owner = $1', [ann.id])).toEqual([]);
  });
});
