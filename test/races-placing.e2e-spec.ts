import { atOnce, tally } from './support/answers';
import type { Answer, Json } from './support/api-client';
import { orderOf, PASSWORD, type Person, Shop } from './support/shop';

/** Each race is run so often: who comes first differs from round to round. */
const ROUNDS = 8;

type Race = [place: Answer<Json>, other: Answer<Json>];

describe('an order that is placed', () => {
  let shop: Shop;
  let ann: Person;
  let product: Json;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  afterAll(() => shop.close());

  const place = (fields: object = {}): Promise<Answer<Json>> =>
    ann.api.post('/orders', orderOf({ items: [{ productId: product.id, quantity: 2 }], ...fields }));

  /** A new customer and product each time, since some do not survive it. */
  async function race(other: () => Promise<Answer<Json>>, placing = () => place()): Promise<Race> {
    return Promise.all([placing(), other()]);
  }

  async function rounds(run: () => Promise<Race>): Promise<Race[]> {
    const races: Race[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      [ann, product] = [await shop.customer(), await shop.product({ price: 10, stock: 5 })];
      races.push(await run());
    }
    return races;
  }

  const stock = async () => {
    const [row] = await shop.query('SELECT stock FROM products WHERE id = $1', [product.id]);
    return row.stock;
  };

  it.each([
    ['deleted', () => shop.editor.api.delete(`/products/${product.id}`), 204],
    ['archived', () => shop.editor.api.patch(`/products/${product.id}`, { status: 'archived' }), 200],
  ] as const)('while its product is %s has it, or is refused', async (_, withdraw, status) => {
    for (const [placed, withdrawn] of await rounds(() => race(withdraw))) {
      expect(withdrawn.status).toBe(status);
      expect([{ '201': 1 }, { '409 product_unavailable': 1 }]).toContainEqual(tally([placed]));
    }
    expect(await stock()).toBe((await ann.api.get('/orders')).body.data.length === 1 ? 3 : 5);
  });

  it('while its price changes is at the price that the customer saw, or is refused with the new total', async () => {
    const raise = () => shop.editor.api.patch(`/products/${product.id}`, { price: 11 });
    for (const [placed] of await rounds(() => race(raise, () => place({ expectedTotal: 20 })))) {
      expect([
        ['201', 20],
        ['409 price_changed', 22],
      ]).toContainEqual([...Object.keys(tally([placed])), placed.body.total]);
    }
  });

  it('while its stock is counted anew takes from the one or from the other', async () => {
    const count = () => shop.editor.api.patch(`/products/${product.id}`, { stock: 1 });
    for (const [placed] of await rounds(() => race(count))) {
      expect([{ '201': 1 }, { '409 insufficient_stock': 1 }]).toContainEqual(tally([placed]));
    }
  });

  it.each([
    ['changed', (id: string) => shop.admin.api.patch(`/coupons/${id}`, { discountPercent: 50 }), [2, 10]],
    ['deleted', (id: string) => shop.admin.api.delete(`/coupons/${id}`), [2, 'coupon_not_found']],
    [
      'switched off',
      (id: string) => shop.admin.api.patch(`/coupons/${id}`, { isActive: false }),
      [2, 'coupon_inactive'],
    ],
  ] as const)(
    'while its coupon is %s has one discount or none, and never the full price',
    async (_, edit, ends) => {
      const run = async () => {
        const { id, code } = await shop.coupon({ discountPercent: 10 });
        return race(
          () => edit(id),
          () => place({ couponCode: code }),
        );
      };
      for (const [placed] of await rounds(run)) {
        expect(ends).toContainEqual(placed.status === 201 ? placed.body.discount : placed.body.code);
      }
    },
  );

  it('while its customer is erased is placed and erased with them, or is refused', async () => {
    const erase = () => shop.admin.api.delete(`/users/${ann.id}`);
    const races = await rounds(() => race(erase));
    for (const [placed, erased] of races) {
      expect(erased.status).toBe(204);
      expect([{ '201': 1 }, { '401 token_revoked': 1 }]).toContainEqual(tally([placed]));
    }
    const placed = races.flatMap(([{ status, body }]) => (status === 201 ? [body.id] : []));
    const rows = await shop.query(
      `SELECT customer_email, shipping_address->>'street' AS street FROM orders WHERE id = ANY ($1)`,
      [placed],
    );
    expect(rows).toEqual(placed.map(() => ({ customer_email: null, street: null })));
  });

  it('while its customer closes the account or is disabled is placed or refused, and no error of ours', async () => {
    const close = () => ann.api.request<Json>('DELETE', '/users/me', { body: { password: PASSWORD } });
    const disable = () => shop.admin.api.patch(`/users/${ann.id}`, { isActive: false });
    const races = [...(await rounds(() => race(close))), ...(await rounds(() => race(disable)))];
    for (const [placed, ended] of races) {
      expect(ended.status).toBeLessThan(300);
      expect([{ '201': 1 }, { '401 token_revoked': 1 }]).toContainEqual(tally([placed]));
    }
  });

  it('while its cart is replaced holds the old cart or the new, and the other stays or is gone', async () => {
    const later = await shop.product({ stock: 1000 });
    const run = async () => {
      await ann.api.put('/cart/items', { items: [{ productId: product.id, quantity: 1 }] });
      const items = [{ productId: later.id, quantity: 4 }];
      const raced = await race(
        () => ann.api.put('/cart/items', { items }),
        () => place({ items: undefined }),
      );
      const left = (await ann.api.get('/cart')).body.items.map((item: Json) => item.productId);
      const [ordered] = raced[0].body.items;
      expect([ordered.productId, ordered.quantity, left]).toEqual(
        ordered.productId === later.id ? [later.id, 4, []] : [product.id, 1, [later.id]],
      );
      return raced;
    };
    for (const race of await rounds(run)) expect(tally(race)).toEqual({ '201': 1, '200': 1 });
  });

  it('while a coupon is put on its cart uses it, or leaves it on the empty cart', async () => {
    const { id, code } = await shop.coupon();
    let used = 0;
    const run = async () => {
      await ann.api.put('/cart/items', { items: [{ productId: product.id, quantity: 1 }] });
      const raced = await race(
        () => ann.api.post('/cart/coupon', { code }),
        () => place({ items: undefined }),
      );
      const { coupon } = (await ann.api.get('/cart')).body;
      expect([raced[0].body.couponCode, coupon?.code ?? null].sort()).toEqual([code, null].sort());
      if (raced[0].body.couponCode) used++;
      return raced;
    };
    await rounds(run);
    expect((await shop.admin.api.get(`/coupons/${id}`)).body.usageCount).toBe(used);
  });

  it('leaves no cart behind of someone who is erased while they fill it', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      [ann, product] = [await shop.customer(), await shop.product()];
      const adds = atOnce(4, () => ann.api.post('/cart/items', { productId: product.id, quantity: 1 }));
      const erased = await shop.admin.api.delete(`/users/${ann.id}`);
      expect([
        erased.status,
        Object.keys(tally(await adds)).filter((outcome) => outcome.startsWith('5')),
      ]).toEqual([204, []]);
      expect(await shop.query('SELECT FROM carts WHERE user_id = $1', [ann.id])).toEqual([]);
    }
  });
});
