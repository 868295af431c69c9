import { expectInvalid, expectProblem } from './support/answers';
import type { Answer, Json } from './support/api-client';
import { orderOf, type Person, Shop } from './support/shop';

const UNKNOWN_ID = '01900000-0000-7000-8000-000000000000';

describe('an order that cannot be placed as it is', () => {
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

  describe('for want of products', () => {
    let plenty: Json;
    let two: Json;
    let none: Json;
    let gone: Json;

    beforeEach(async () => {
      plenty = await shop.product();
      two = await shop.product({ stock: 2 });
      none = await shop.product({ stock: 0 });
      gone = await shop.product();
      await shop.editor.api.delete(`/products/${gone.id}`);
    });

    it('names every product that is not for sale', async () => {
      const draft = await shop.product({ status: 'draft' });
      const answer = await place({ items: [item(draft, 3), item(plenty), item(gone)] });
      expectProblem(answer, 409, 'product_unavailable');
      expect(answer.body.items).toEqual([
        { productId: draft.id, requested: 3, available: 0, issue: 'unavailable' },
        { productId: gone.id, requested: 1, available: 0, issue: 'unavailable' },
      ]);
    });

    it('names what is not for sale and what is short in one answer, with what there is', async () => {
      const items = [item(plenty), item(two, 3), item({ id: UNKNOWN_ID }, 2), item(none), item(gone)];
      const expected = [
        { productId: two.id, requested: 3, available: 2, issue: 'insufficient_stock' },
        { productId: UNKNOWN_ID, requested: 2, available: 0, issue: 'unavailable' },
        { productId: none.id, requested: 1, available: 0, issue: 'out_of_stock' },
        { productId: gone.id, requested: 1, available: 0, issue: 'unavailable' },
      ];
      for (const answer of [await place({ items }), await fill(...items)]) {
        expectProblem(answer, 409, 'product_unavailable');
        expect(answer.body.items).toEqual(expected);
      }
      expect((await ann.api.get('/cart')).body.items).toEqual([]);
    });

    it('tells of its cart what the cart then shows', async () => {
      const [short, withdrawn] = [await shop.product({ stock: 5 }), await shop.product()];
      await fill(item(short, 4), item(withdrawn), item(plenty));
      await shop.editor.api.patch(`/products/${short.id}`, { stock: 3 });
      await shop.editor.api.patch(`/products/${withdrawn.id}`, { status: 'archived' });
      const { body } = await place();
      expect(body.items.map(({ issue }: Json) => issue)).toEqual(['insufficient_stock', 'unavailable']);
      const shown = (await ann.api.get('/cart')).body.items;
      expect(shown.map(({ issue }: Json) => issue)).toEqual(['insufficient_stock', 'unavailable', null]);
    });
  });

  describe('for its size', () => {
    it('may name a product so often that there are more than a hundred items of a hundred products', async () => {
      const products = await shop.products(101);
      const items = products.map((product) => item(product));
      const [first, last] = [items[0], items[100]];
      expectInvalid(await place({ items }), 'items');
      const { status, body } = await place({ items: [...items.slice(0, 100), first] });
      expect([status, body.items.length, body.items[0].quantity]).toEqual([201, 100, 2]);
      expectInvalid(await place({ items: [...items, last] }), 'items');
    });
  });

  describe('for what it comes to', () => {
    it('is exact for the largest cart in a currency of two digits', async () => {
      const products = await shop.products(100, { price: 99_999_999.99, stock: 999 });
      const items = products.map((product) => item(product, 999));
      const { status, body } = await place({ items, expectedTotal: 9_989_999_999_001 });
      expect([status, body.total]).toEqual([201, 9_989_999_999_001]);
    });

    it('is refused past fifteen digits, which is what a number of JSON holds exactly', async () => {
      const make = (price: number) => shop.product({ price, currency: 'KWD', stock: 2000 });
      const dear = await Promise.all(Array.from({ length: 11 }, () => make(99_999_999.99)));
      const most = dear.slice(0, 10).map((product) => item(product, 999));
      const rest = { productId: (await make(1_001_001.099)).id, quantity: 999 };
      const largest = await place({ items: [...most, rest], expectedTotal: 999_999_999_998.001 });
      expect([largest.status, largest.body.total]).toEqual([201, 999_999_999_998.001]);
      expectInvalid(await place({ items: dear.map((product) => item(product, 999)) }), 'items');
    });

    it('leaves a cart that grew past that readable, and open to change', async () => {
      const make = () => shop.product({ price: 1, currency: 'KWD', stock: 999 });
      const products = await Promise.all(Array.from({ length: 11 }, make));
      await fill(...products.map((product) => item(product, 999)));
      for (const { id } of products) await shop.editor.api.patch(`/products/${id}`, { price: 99_999_999.99 });
      const cart = await ann.api.get('/cart');
      expect([cart.status, cart.body.subtotal]).toEqual([200, 999_999_999_999.999]);
      expectInvalid(await place(), 'items');
      const smaller = await ann.api.delete(`/cart/items/${products[0]?.id}`);
      expect([smaller.status, smaller.body.subtotal]).toEqual([200, 998_999_999_900.1]);
      expect((await place()).status).toBe(201);
    });
  });

  it.each([
    ['couponCode', { couponCode: 5 }],
    ['expectedTotal', { expectedTotal: '10' }],
  ])('says of a bad %s what is wrong with it first: its type', async (field, fields) => {
    const answer = await place({ items: [item(await shop.product())], ...fields });
    expectInvalid(answer, field);
    expect(answer.body.errors[0].code).toMatch(/^is_(string|number)$/);
  });
});
