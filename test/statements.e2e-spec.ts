import type { Json } from './support/api-client';
import { orderOf, type Person, Shop, unique } from './support/shop';
import { statementsOf } from './support/statements';

/** Who is asking, and the beginning and the end of a transaction. */
const AROUND = 3;

describe('the statements of a request', () => {
  let shop: Shop;
  let ann: Person;
  let items: { productId: string; quantity: number }[];
  let coupon: Json;
  let category: Json;
  let slug: string;

  beforeAll(async () => {
    shop = await Shop.open();
    const products = await shop.products(100, { stock: 1000 });
    items = products.map(({ id }) => ({ productId: id, quantity: 1 }));
    coupon = await shop.coupon();
    category = await shop.category();
    ({ slug } = await shop.product({ categoryId: category.id }));
  });

  beforeEach(async () => {
    ann = await shop.customer();
  });

  afterAll(() => shop.close());

  const fill = (count: number) => ann.api.put('/cart/items', { items: items.slice(0, count) });

  /** What a request runs with a cart of two and with one of a hundred: the same. */
  async function whateverTheSize(use: () => Promise<{ status: number }>): Promise<string[]> {
    await fill(2);
    const small = await statementsOf(shop, use);
    await fill(100);
    expect(await statementsOf(shop, use)).toEqual(small);
    return small;
  }

  it('are two for the cart, and one more for its coupon', async () => {
    const look = () => ann.api.get('/cart');
    expect(await whateverTheSize(look)).toHaveLength(2);
    await ann.api.post('/cart/coupon', { code: coupon.code });
    expect(await whateverTheSize(look)).toHaveLength(3);
  });

  it('are the same few for a change of the cart, whatever is in it', async () => {
    const [first] = items;
    const add = () => ann.api.post('/cart/items', first);
    const set = () => ann.api.put(`/cart/items/${first?.productId}`, { quantity: 3 });
    const validate = () => ann.api.post('/coupons/validate', { code: coupon.code });
    expect((await whateverTheSize(add)).length).toBeLessThanOrEqual(AROUND + 5);
    expect((await whateverTheSize(set)).length).toBeLessThanOrEqual(AROUND + 5);
    expect(await whateverTheSize(validate)).toHaveLength(3);
    const replace = (count: number) => statementsOf(shop, () => fill(count));
    const small = await replace(2);
    expect(await replace(100)).toEqual(small);
    expect(small.length).toBeLessThanOrEqual(AROUND + 6);
  });

  it('are nine for placing an order of a cart, of two products or of a hundred', async () => {
    const placed = await whateverTheSize(() => ann.api.post('/orders', orderOf()));
    expect(placed.length).toBeLessThanOrEqual(AROUND + 9);
  });

  it('are seven for placing an order of items, two more with a coupon and five more under a key', async () => {
    const place = (count: number, fields: object = {}, headers = {}) =>
      statementsOf(shop, () =>
        ann.api.post('/orders', orderOf({ items: items.slice(0, count), ...fields }), headers),
      );
    const small = await place(2);
    expect(await place(100)).toEqual(small);
    expect(small.length).toBeLessThanOrEqual(AROUND + 7);
    expect(await place(100, { couponCode: coupon.code })).toHaveLength(small.length + 2);
    expect(await place(100, {}, { 'Idempotency-Key': unique() })).toHaveLength(small.length + 5);
  });

  it('are four for a list of orders, one fewer after a cursor, however many and however large', async () => {
    const [list, scroll] = [() => ann.api.get('/orders'), () => ann.api.get('/orders?cursor=')];
    await shop.order(ann, items.slice(0, 1));
    const [listed, scrolled] = [await statementsOf(shop, list), await statementsOf(shop, scroll)];
    for (let i = 0; i < 3; i++) await shop.order(ann, items);
    expect(await statementsOf(shop, list)).toEqual(listed);
    expect(await statementsOf(shop, scroll)).toEqual(scrolled);
    expect([listed.length, scrolled.length]).toEqual([4, 3]);
  });

  it.each([
    ['a page', () => '/products?limit=20', 5],
    ['a page of a category', () => `/products?category=${category.slug}`, 6],
    ['a product', () => `/products/${slug}`, 2],
    ['a search', () => '/products?q=product&limit=20', 6],
    ['suggestions', () => '/products/suggest?q=prod', 3],
    ['the categories', () => '/categories', 3],
  ])('are few for %s at first, and one while nothing changes', async (_, path, most) => {
    await shop.product();
    const asked = await statementsOf(shop, () => shop.api.get(path()));
    expect(asked.length).toBeLessThanOrEqual(most);
    const { headers } = await shop.api.get(path());
    expect(await statementsOf(shop, () => shop.api.get(path()))).toHaveLength(1);
    const has = { 'If-None-Match': headers.get('etag') ?? '' };
    expect(await statementsOf(shop, () => shop.api.get(path(), has))).toHaveLength(1);
  });

  it('are few for an edit of a product', async () => {
    const { id } = await shop.product();
    const edit = (price: number) =>
      statementsOf(shop, () => shop.editor.api.patch(`/products/${id}`, { price }));
    expect((await edit(20)).length).toBeLessThanOrEqual(AROUND + 5);
  });

  it('are fewer for the later pages of a list: their count is known until the catalogue changes', async () => {
    const countsOf = async (page: number): Promise<number> => {
      const sent = await statementsOf(shop, () =>
        shop.api.get(`/products?minPrice=0.01&limit=7&page=${page}`),
      );
      return sent.filter((sql) => sql.startsWith('SELECT count')).length;
    };
    expect([await countsOf(1), await countsOf(2), await countsOf(3)]).toEqual([1, 0, 0]);
    await shop.product();
    expect([await countsOf(2), await countsOf(3)]).toEqual([1, 0]);
  });

  it('are the same for cancelling an order of any size', async () => {
    const cancel = async (count: number) => {
      const { id } = await shop.order(ann, items.slice(0, count));
      return statementsOf(shop, () => ann.api.post(`/orders/${id}/cancel`));
    };
    const small = await cancel(2);
    expect(await cancel(100)).toEqual(small);
    expect(small.length).toBeLessThanOrEqual(AROUND + 11);
  });
});
