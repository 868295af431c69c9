import { Client } from 'pg';
import { brokenInvariants } from './invariants';
import { expectProblem, tally } from './support/answers';
import type { Answer, Json } from './support/api-client';
import { orderOf, type Person, Shop } from './support/shop';

describe('many buyers at once', () => {
  let shop: Shop;
  let buyers: Person[];

  beforeAll(async () => {
    shop = await Shop.open();
    buyers = await shop.customers(50);
  });

  afterEach(async () => expect(await brokenInvariants(shop.test.dataSource)).toEqual([]));
  afterAll(() => shop.close());

  const buy = (person: Person, productId: string, quantity = 1): Promise<Answer<Json>> =>
    person.api.post('/orders', orderOf({ items: [{ productId, quantity }] }));
  const stockOf = async ({ id }: Json) => (await shop.editor.api.get(`/products/${id}`)).body.stock;

  it('buy the last 5 units 5 times: 45 of 50 are told that there are none', async () => {
    const product = await shop.product({ stock: 5 });
    const answers = await Promise.all(buyers.map((buyer) => buy(buyer, product.id)));
    expect(tally(answers)).toEqual({ '201': 5, '409 insufficient_stock': 45 });
    expect(answers.find(({ status }) => status === 409)?.body.items).toEqual([
      { productId: product.id, requested: 1, available: 0 },
    ]);
    expect(await stockOf(product)).toBe(0);
    const owners = answers.filter(({ status }) => status === 201).map(({ body }) => body.customer.id);
    expect(new Set(owners).size).toBe(5);
  });

  it('buy the last unit once, from the cart and from items alike', async () => {
    const product = await shop.product({ stock: 1 });
    const pairs = buyers.slice(0, 20);
    for (const { api } of pairs.slice(0, 10)) {
      await api.put('/cart/items', { items: [{ productId: product.id, quantity: 1 }] });
    }
    const answers = await Promise.all(
      pairs.map((buyer, index) =>
        index < 10 ? buyer.api.post('/orders', orderOf()) : buy(buyer, product.id),
      ),
    );
    expect(tally(answers)).toEqual({ '201': 1, '409 insufficient_stock': 19 });
    expect(await stockOf(product)).toBe(0);
  });

  it('sell no more than there is though quantities differ, and refuse only who wants more than is left', async () => {
    const product = await shop.product({ stock: 20 });
    const answers = await Promise.all(buyers.map((buyer, index) => buy(buyer, product.id, (index % 3) + 1)));
    const sold = answers.reduce(
      (units, { status, body }) => units + (status === 201 ? body.items[0].quantity : 0),
      0,
    );
    expect(Object.keys(tally(answers)).sort()).toEqual(['201', '409 insufficient_stock']);
    expect(await stockOf(product)).toBe(20 - sold);
    expect(sold).toBeGreaterThanOrEqual(18);
  });

  it('with ten products in opposite orders all get through, to the last unit', async () => {
    const products = await Promise.all(Array.from({ length: 10 }, () => shop.product({ stock: 45 })));
    const items = products.map(({ id }) => ({ productId: id, quantity: 1 }));
    const some = buyers.slice(0, 40);
    await Promise.all(
      some.map(({ api }, index) =>
        api.put('/cart/items', { items: index % 2 ? items : [...items].reverse() }),
      ),
    );
    const answers = await Promise.all(some.map(({ api }) => api.post('/orders', orderOf())));
    expect(tally(answers)).toEqual({ '201': 40 });
    for (const product of products) expect(await stockOf(product)).toBe(5);
  });

  it('cancel in opposite orders while others buy: nothing is lost', async () => {
    const products = await Promise.all(Array.from({ length: 5 }, () => shop.product({ stock: 100 })));
    const items = products.map(({ id }) => ({ productId: id, quantity: 2 }));
    const some = buyers.slice(0, 16);
    const body = (index: number) => orderOf({ items: index % 2 ? items : [...items].reverse() });
    const placed = await Promise.all(some.map(({ api }, index) => api.post('/orders', body(index))));
    const answers = await Promise.all([
      ...some.map(({ api }, index) => api.post(`/orders/${placed[index]?.body.id}/cancel`)),
      ...some.map(({ api }, index) => api.post('/orders', body(index + 1))),
    ]);
    expect(tally(answers)).toEqual({ '200': 16, '201': 16 });
    for (const product of products) expect(await stockOf(product)).toBe(100 - 32);
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
      const startedAt = Date.now();
      const waiting = place();
      const others = await Promise.all(buyers.slice(0, 6).map((one) => buy(one, free.id)));
      expect(tally(others)).toEqual({ '201': 6 });
      expect((await shop.api.get(`/products/${locked.id}`)).status).toBe(200);
      expectProblem(await place(), 409, 'idempotency_in_progress');
      expect(Date.now() - startedAt).toBeLessThan(1500);
      const refused = await waiting;
      expectProblem(refused, 503, 'service_unavailable');
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(Date.now() - startedAt).toBeLessThan(2700);
    } finally {
      await other.end();
    }
    expect(await stockOf(locked)).toBe(5);
    const retried = await place();
    expect([retried.status, retried.headers.get('idempotent-replayed')]).toEqual([201, null]);
    expect(await stockOf(locked)).toBe(4);
  });
});
