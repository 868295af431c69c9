import { mergeCarts } from './cart-merge';

type Items = Record<string, number>;

const itemsOf = (items: Items) =>
  Object.entries(items).map(([productId, quantity]) => ({ productId, quantity }));
const cartOf = (items: Items, currency = 'USD', couponId: string | null = null) => ({
  items: itemsOf(items),
  currency: Object.keys(items).length > 0 ? currency : null,
  couponId,
});
const many = (count: number, name: string): Items =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}${index}`, 1]));

/** Products for sale: ten units of each unless told. */
function forSale(names: string[], fields: { stock?: number; currency?: string } = {}) {
  return new Map(names.map((name) => [name, { stock: 10, currency: 'USD', ...fields }]));
}

describe('the cart of a guest who signs in', () => {
  it.each<[string, Items, Items, number, Items]>([
    ['comes to an empty one', {}, { a: 2 }, 10, { a: 2 }],
    ['comes beside what the user has', { b: 1 }, { a: 2 }, 10, { a: 2 }],
    ['adds up', { a: 3 }, { a: 2 }, 10, { a: 5 }],
    ['adds up to the stock', { a: 3 }, { a: 4 }, 5, { a: 5 }],
    ['brings no more than the stock', {}, { a: 4 }, 3, { a: 3 }],
    ['adds nothing where the stock is reached', { a: 5 }, { a: 1 }, 5, {}],
    ['takes nothing away from a user who has more than there is', { a: 8 }, { a: 1 }, 5, {}],
    ['brings nothing that is sold out', {}, { a: 1 }, 0, {}],
    ['takes nothing away that is sold out', { a: 2 }, { a: 1 }, 0, {}],
    ['adds up to 999', { a: 998 }, { a: 998 }, 5000, { a: 999 }],
    ['may be empty', { a: 1 }, {}, 10, {}],
    ['keeps its order', {}, { c: 1, a: 2, b: 3 }, 10, { c: 1, a: 2, b: 3 }],
  ])('%s', (_, user, guest, stock, raised) => {
    const { items } = mergeCarts(cartOf(user), cartOf(guest), forSale(['a', 'b', 'c'], { stock }));
    expect(items).toEqual(itemsOf(raised));
  });

  it('leaves behind what is not for sale', () => {
    const { items } = mergeCarts(cartOf({ gone: 1 }), cartOf({ gone: 2, a: 1 }), forSale(['a']));
    expect(items).toEqual(itemsOf({ a: 1 }));
  });

  it('leaves behind what has another currency than the user’s cart', () => {
    const products = new Map([...forSale(['usd']), ...forSale(['eur'], { currency: 'EUR' })]);
    expect(mergeCarts(cartOf({ usd: 1 }), cartOf({ eur: 1 }, 'EUR'), products)).toMatchObject({
      items: [],
      currency: 'USD',
    });
    expect(mergeCarts(cartOf({ eur: 1 }, 'EUR'), cartOf({ usd: 1, eur: 1 }), products)).toMatchObject({
      items: itemsOf({ eur: 2 }),
      currency: 'EUR',
    });
  });

  it('gives its currency to an empty cart, and to none when nothing of it can be had', () => {
    const products = forSale(['eur'], { currency: 'EUR' });
    expect(mergeCarts(cartOf({}), cartOf({ eur: 1 }, 'EUR'), products).currency).toBe('EUR');
    expect(mergeCarts(cartOf({}), cartOf({ gone: 1 }, 'EUR'), products)).toMatchObject({
      items: [],
      currency: null,
    });
    // Its currency was changed after the guest chose it.
    expect(mergeCarts(cartOf({}), cartOf({ eur: 1 }, 'USD'), products)).toMatchObject({
      items: [],
      currency: null,
    });
  });

  it('fills up to 100 products with its first ones, and still adds to those that are there', () => {
    const [own, brought] = [many(99, 'own'), { ...many(3, 'new'), own0: 4 }];
    const products = forSale([...Object.keys(own), ...Object.keys(brought)]);
    expect(mergeCarts(cartOf(own), cartOf(brought), products).items).toEqual(itemsOf({ new0: 1, own0: 5 }));
  });

  it('does not give its place to what cannot be had', () => {
    const own = many(99, 'own');
    const { items } = mergeCarts(cartOf(own), cartOf({ gone: 1, b: 1 }), forSale(['b']));
    expect(items).toEqual(itemsOf({ b: 1 }));
  });

  it.each([
    [null, null, null],
    [null, 'guest', 'guest'],
    ['own', null, 'own'],
    ['own', 'guest', 'own'],
  ])('of the coupons %j and %j keeps %j', (own, guest, kept) => {
    const merged = mergeCarts(cartOf({}, 'USD', own), cartOf({}, 'USD', guest), forSale([]));
    expect(merged.couponId).toBe(kept);
  });
});
