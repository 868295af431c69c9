import { Client } from 'pg';
import { atOnce, expectProblem, tally } from './support/answers';
import type { Answer, ApiClient, Json } from './support/api-client';
import { checkOutOften, type Crowd, deadlocksOf, openCrowd, products, rushFor } from './support/crowd';
import { orderOf, type Shop } from './support/shop';

describe('many buyers at once, at two instances', () => {
  let crowd: Crowd;
  let shop: Shop;
  let buyers: ApiClient[];

  beforeAll(async () => {
    crowd = await openCrowd(60);
    ({ shop, buyers } = crowd);
  });

  afterAll(() => crowd.close());

  const buy = (buyer: ApiClient, productId: string, quantity = 1): Promise<Answer<Json>> =>
    buyer.post('/orders', orderOf({ items: [{ productId, quantity }] }));
  const stockOf = async ({ id }: Json) => (await shop.editor.api.get(`/products/${id}`)).body.stock;

  it.each([1, 2, 3])('buy 6 units 6 times: 54 of 60 are told that there are none, round %d', async () => {
    const answers = await rushFor(6, crowd);
    expect(tally(answers)).toEqual({ '201': 6, '409 insufficient_stock': 54 });
    const sold = answers.filter(({ status }) => status === 201).map(({ body }) => body);
    expect(new Set(sold.map(({ customer }) => customer.id)).size).toBe(6);
    const [{ productId }] = sold[0].items;
    expect(answers.find(({ status }) => status === 409)?.body.items).toEqual([
      { productId, requested: 1, available: 0 },
    ]);
    expect(await stockOf({ id: productId })).toBe(0);
  });

  it('buy the last unit once, from the cart and from items alike', async () => {
    const product = await shop.product({ stock: 1 });
    const pairs = buyers.slice(0, 20);
    for (const buyer of pairs.slice(0, 10)) {
      await buyer.put('/cart/items', { items: [{ productId: product.id, quantity: 1 }] });
    }
    const answers = await Promise.all(
      pairs.map((buyer, index) => (index < 10 ? buyer.post('/orders', orderOf()) : buy(buyer, product.id))),
    );
    expect(tally(answers)).toEqual({ '201': 1, '409 insufficient_stock': 19 });
    expect(await stockOf(product)).toBe(0);
  });

  it('sell no more than there is though quantities differ, and refuse only who wants more than is left', async () => {
    const product = await shop.product({ stock: 20 });
    const answers = await Promise.all(
      buyers.slice(0, 50).map((buyer, index) => buy(buyer, product.id, (index % 3) + 1)),
    );
    const sold = answers.reduce(
      (units, { status, body }) => units + (status === 201 ? body.items[0].quantity : 0),
      0,
    );
    expect(Object.keys(tally(answers)).sort()).toEqual(['201', '409 insufficient_stock']);
    expect(await stockOf(product)).toBe(20 - sold);
    expect(sold).toBeGreaterThanOrEqual(18);
  });

  it('with carts of ten products in opposite orders all get through, to the last unit', async () => {
    const [ten, deadlocks] = [await products(10, 85, crowd), deadlocksOf(crowd)];
    const answers = await checkOutOften(2, ten, { ...crowd, buyers: buyers.slice(0, 40) });
    expect([tally(answers), deadlocks()]).toEqual([{ '201': 80 }, 0]);
    for (const product of ten) expect(await stockOf(product)).toBe(5);
  });

  it('make one order though each asks for it ten times at either instance, under one key', async () => {
    const product = await shop.product({ stock: 50 });
    const body = orderOf({ items: [{ productId: product.id, quantity: 1 }] });
    for (const { api, accessToken } of await shop.customers(2)) {
      const there = crowd.other.api.as(accessToken);
      const answers = await atOnce(20, (index) =>
        (index % 2 ? api : there).post('/orders', body, { 'Idempotency-Key': 'mine' }),
      );
      const { '201': made = 0, '409 idempotency_in_progress': waiting = 0 } = tally(answers);
      expect([made > 0, made + waiting]).toEqual([true, 20]);
      const ids = answers.flatMap(({ status, body: { id } }) => (status === 201 ? [id] : []));
      expect(new Set(ids).size).toBe(1);
    }
    expect(await stockOf(product)).toBe(48);
  });

  it('cancel in opposite orders while others buy: nothing is lost', async () => {
    const five = await products(5, 100, crowd);
    const items = five.map(({ id }) => ({ productId: id, quantity: 2 }));
    const some = buyers.slice(0, 16);
    const body = (index: number) => orderOf({ items: index % 2 ? items : [...items].reverse() });
    const placed = await Promise.all(some.map((buyer, index) => buyer.post('/orders', body(index))));
    const answers = await Promise.all([
      ...some.map((buyer, index) => buyer.post(`/orders/${placed[index]?.body.id}/cancel`)),
      ...some.map((buyer, index) => buyer.post('/orders', body(index + 1))),
    ]);
    expect(tally(answers)).toEqual({ '200': 16, '201': 16 });
    for (const product of five) expect(await stockOf(product)).toBe(100 - 32);
  });

  it('and staff who adjust the stock do not undo each other', async () => {
    const product = await shop.product({ stock: 30 });
    const adjust = (delta: number) =>
      shop.editor.api.post(`/products/${product.id}/stock-adjustments`, { delta, reason: 'Count' });
    const [bought, adjusted] = await Promise.all([
      Promise.all(buyers.slice(0, 20).map((buyer) => buy(buyer, product.id))),
      Promise.all([5, -3, 7, -1, 2].map(adjust)),
    ]);
    expect([tally(bought), tally(adjusted)]).toEqual([{ '201': 20 }, { '201': 5 }]);
    expect(await stockOf(product)).toBe(30 - 20 + 10);
  });

  it('of a product that someone else has locked are asked to come back, and others do not notice', async () => {
    const [locked, free] = [await shop.product({ stock: 5 }), await shop.product({ stock: 50 })];
    const buyer = await shop.customer();
    const place = () =>
      buyer.api.post('/orders', orderOf({ items: [{ productId: locked.id, quantity: 1 }] }), {
        'Idempotency-Key': 'while-it-is-locked',
      });
    const other = new Client({ connectionString: shop.test.databaseUrl });
    await other.connect();
    try {
      await other.query('BEGIN');
      await other.query('SELECT FROM products WHERE id = $1 FOR UPDATE', [locked.id]);
      let isAnswered = false;
      const waiting = place().finally(() => (isAnswered = true));
      const others = await Promise.all(buyers.slice(0, 6).map((one) => buy(one, free.id)));
      expect(tally(others)).toEqual({ '201': 6 });
      expect((await shop.api.get(`/products/${locked.id}`)).status).toBe(200);
      expectProblem(await place(), 409, 'idempotency_in_progress');
      expect(isAnswered).toBe(false);
      const refused = await waiting;
      expectProblem(refused, 503, 'service_unavailable');
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    } finally {
      await other.end();
    }
    expect(await stockOf(locked)).toBe(5);
    const retried = await place();
    expect([retried.status, retried.headers.get('idempotent-replayed')]).toEqual([201, null]);
    expect(await stockOf(locked)).toBe(4);
  });
});
