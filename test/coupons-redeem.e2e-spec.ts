import { atOnce, expectInvalid, expectProblem, tally } from './support/answers';
import type { Answer, Json } from './support/api-client';
import { orderOf, type Person, Shop } from './support/shop';

describe('redeeming coupons', () => {
  let shop: Shop;
  let ann: Person;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  beforeEach(async () => {
    ann = await shop.customer();
  });

  afterAll(() => shop.close());

  const fill = async (price: number, fields: object = {}) => {
    const product = await shop.product({ price, ...fields });
    await ann.api.put('/cart/items', { items: [{ productId: product.id, quantity: 1 }] });
    return product;
  };
  const validate = (code: string) => ann.api.post('/coupons/validate', { code });
  const buy = (person: Person, productId: string, couponCode: string): Promise<Answer<Json>> =>
    person.api.post('/orders', orderOf({ items: [{ productId, quantity: 1 }], couponCode }));
  const usesOf = async ({ id }: Json) => (await shop.admin.api.get(`/coupons/${id}`)).body.usageCount;

  describe('trying one on the own cart', () => {
    it('tells what it would take off, and changes nothing', async () => {
      await fill(19.95);
      const { code } = await shop.coupon({ discountPercent: 10 });
      const before = (await ann.api.get('/cart')).body;
      const { status, body } = await validate(` ${code.toLowerCase()} `);
      expect(status).toBe(200);
      expect(body).toEqual({ code, currency: 'USD', discount: 2, subtotal: 19.95, total: 17.95 });
      expect((await ann.api.get('/cart')).body).toEqual(before);
    });

    it('needs a cart with something in it, and someone signed in', async () => {
      const { code } = await shop.coupon();
      expectProblem(await validate(code), 409, 'cart_empty');
      expectProblem(await shop.api.post('/coupons/validate', { code }), 401, 'unauthenticated');
      expectInvalid(await ann.api.post('/coupons/validate', {}), 'code');
    });

    it.each([
      ['coupon_inactive', { isActive: false }],
      ['coupon_not_started', { validFrom: '2999-01-01T00:00:00Z' }],
      ['coupon_expired', { validUntil: '2020-01-01T00:00:00Z' }],
      ['coupon_min_purchase', { minPurchase: 20.01 }],
    ])('answers %s as the cart and checkout do', async (error, fields) => {
      const product = await fill(20);
      const { code } = await shop.coupon(fields);
      expectProblem(await validate(code), 422, error);
      expectProblem(await ann.api.post('/cart/coupon', { code }), 422, error);
      expectProblem(await ann.api.post('/orders', orderOf({ couponCode: code })), 422, error);
      expectProblem(await buy(ann, product.id, code), 422, error);
      expect((await ann.api.get('/orders')).body.data).toEqual([]);
    });

    it('answers coupon_not_found for a code that is none', async () => {
      const product = await fill(20);
      for (const code of ['NOPE-1', "' OR 1=1 --", 'x']) {
        expectProblem(await validate(code), 422, 'coupon_not_found');
        expectProblem(await buy(ann, product.id, code), 422, 'coupon_not_found');
      }
    });

    it('answers coupon_currency for amounts on a cart of another currency', async () => {
      await fill(20, { currency: 'EUR' });
      for (const fields of [{ discountAmount: 1 }, { minPurchase: 1 }, { maxDiscount: 1 }]) {
        expectProblem(await validate((await shop.coupon(fields)).code), 422, 'coupon_currency');
      }
      const { code } = await shop.coupon({ discountPercent: 10 });
      expect((await validate(code)).body).toMatchObject({ currency: 'EUR', discount: 2, total: 18 });
    });

    it('answers coupon_exhausted once it is used up, for all or for oneself', async () => {
      const product = await fill(20);
      const [once, oncePerUser] = [
        await shop.coupon({ usageLimit: 1 }),
        await shop.coupon({ usageLimitPerUser: 1 }),
      ];
      await buy(await shop.customer(), product.id, once.code);
      expectProblem(await validate(once.code), 409, 'coupon_exhausted');
      await buy(await shop.customer(), product.id, oncePerUser.code);
      expect((await validate(oncePerUser.code)).status).toBe(200);
      await buy(ann, product.id, oncePerUser.code);
      expectProblem(await validate(oncePerUser.code), 409, 'coupon_exhausted');
    });
  });

  describe('what it takes off', () => {
    it.each([
      [{ discountPercent: 10 }, 0.05, 0.01],
      [{ discountPercent: 10 }, 0.04, 0],
      [{ discountPercent: 33.33 }, 9.99, 3.33],
      [{ discountPercent: 100 }, 9.99, 9.99],
      [{ discountPercent: 50, maxDiscount: 3 }, 9.99, 3],
      [{ discountAmount: 5 }, 9.99, 5],
      [{ discountAmount: 5 }, 3.5, 3.5],
      [{ discountPercent: 10 }, 0, 0],
    ])('%j on %d is %d', async (fields, price, discount) => {
      const product = await fill(price);
      const { code } = await shop.coupon(fields);
      expect((await validate(code)).body.discount).toBe(discount);
      const { body } = await buy(ann, product.id, code);
      expect(body).toMatchObject({ subtotal: price, discount, couponCode: code });
      expect(Math.round(body.total * 100)).toBe(Math.round(price * 100) - Math.round(discount * 100));
    });

    it.each([
      ['JPY', 1205, 121, 1084],
      ['KWD', 1.005, 0.101, 0.904],
    ])(
      'in %s is rounded to the digits that it has, in the cart as at checkout',
      async (currency, price, ...end) => {
        await fill(price, { currency });
        const { code } = await shop.coupon({ discountPercent: 10 });
        const answers = [
          await ann.api.post('/cart/coupon', { code }),
          await validate(code),
          await ann.api.post('/orders', orderOf({ expectedTotal: end[1] })),
        ];
        for (const { body } of answers) expect([body.discount, body.total]).toEqual(end);
      },
    );

    it('is rounded once, on the subtotal', async () => {
      const [a, b] = [await shop.product({ price: 0.05 }), await shop.product({ price: 0.05 })];
      const items = [a, b].map(({ id }) => ({ productId: id, quantity: 1 }));
      const { code } = await shop.coupon({ discountPercent: 10 });
      expect((await shop.order(ann, items, { couponCode: code })).discount).toBe(0.01);
    });
  });

  describe('at checkout', () => {
    let product: Json;
    let attached: Json;

    beforeEach(async () => {
      product = await fill(20);
      attached = await shop.coupon({ discountPercent: 10, usageLimit: 1 });
      await ann.api.post('/cart/coupon', { code: attached.code });
    });

    const checkOut = (fields: object = {}): Promise<Answer<Json>> => ann.api.post('/orders', orderOf(fields));
    const attachedCode = async () => (await ann.api.get('/cart')).body.coupon?.code;

    it('spends the coupon of the cart', async () => {
      expect((await checkOut()).body).toMatchObject({ couponCode: attached.code, discount: 2, total: 18 });
      expect([await attachedCode(), await usesOf(attached)]).toEqual([undefined, 1]);
    });

    it('lets the given code win over that of the cart, a blank one too', async () => {
      const given = await shop.coupon({ discountAmount: 3 });
      for (const couponCode of ['NO-SUCH', '', '  ']) {
        expectProblem(await checkOut({ couponCode }), 422, 'coupon_not_found');
      }
      expect(await attachedCode()).toBe(attached.code);
      const { body } = await checkOut({ couponCode: given.code.toLowerCase() });
      expect(body).toMatchObject({ couponCode: given.code, discount: 3 });
      expect([await usesOf(attached), await usesOf(given)]).toEqual([0, 1]);
    });

    it('ignores and keeps the coupon of the cart when just some items are ordered', async () => {
      const { body } = await checkOut({ items: [{ productId: product.id, quantity: 1 }] });
      expect(body).toMatchObject({ couponCode: null, discount: 0, total: 20 });
      expect([await attachedCode(), await usesOf(attached)]).toEqual([attached.code, 0]);
    });

    it('spends nothing when the order is refused', async () => {
      expectProblem(await checkOut({ expectedTotal: 1 }), 409, 'price_changed');
      expect([await attachedCode(), await usesOf(attached)]).toEqual([attached.code, 0]);
      expect((await checkOut({ couponCode: null })).body.couponCode).toBe(attached.code);
    });
  });

  describe('limits', () => {
    // Each buys a product of their own: only the coupon is in dispute.
    it('redeems a coupon limited to 5 five times under 40 checkouts at once, and refuses the others', async () => {
      const [buyers, products] = [
        await shop.customers(40),
        await atOnce(40, () => shop.product({ stock: 1 })),
      ];
      const coupon = await shop.coupon({ usageLimit: 5 });
      const answers = await Promise.all(
        buyers.map((buyer, index) => buy(buyer, products[index]?.id, coupon.code)),
      );
      expect(tally(answers)).toEqual({ '201': 5, '409 coupon_exhausted': 35 });
      const orders = answers.filter(({ status }) => status === 201).map(({ body }) => body);
      expect(orders.map(({ discount }) => discount)).toEqual([1, 1, 1, 1, 1]);
      expect(await usesOf(coupon)).toBe(5);
      const [left] = await shop.query(
        `SELECT sum(stock)::int AS units, (SELECT count(*)::int FROM orders WHERE user_id = ANY ($2)) AS orders
           FROM products WHERE id = ANY ($1)`,
        [products.map(({ id }) => id), buyers.map(({ id }) => id)],
      );
      expect(left).toEqual({ units: 35, orders: 5 });
    });

    it('redeems a coupon limited to 2 per user twice, whatever one user does at once', async () => {
      const [products, coupon] = [
        await atOnce(12, () => shop.product()),
        await shop.coupon({ usageLimitPerUser: 2 }),
      ];
      const answers = await Promise.all(products.map(({ id }) => buy(ann, id, coupon.code)));
      expect(tally(answers)).toEqual({ '201': 2, '409 coupon_exhausted': 10 });
      expect((await buy(await shop.customer(), products[0]?.id, coupon.code)).status).toBe(201);
      expect(await usesOf(coupon)).toBe(3);
    });

    it('gives the use of a cancelled order back, for the user and for all', async () => {
      const product = await shop.product();
      const coupon = await shop.coupon({ usageLimit: 2, usageLimitPerUser: 2 });
      const [first, second] = [
        await buy(ann, product.id, coupon.code),
        await buy(ann, product.id, coupon.code),
      ];
      expectProblem(await buy(ann, product.id, coupon.code), 409, 'coupon_exhausted');
      await ann.api.post(`/orders/${first.body.id}/cancel`);
      expect(await usesOf(coupon)).toBe(1);
      expect((await buy(ann, product.id, coupon.code)).status).toBe(201);
      expectProblem(await buy(ann, product.id, coupon.code), 409, 'coupon_exhausted');
      await ann.api.post(`/orders/${second.body.id}/cancel`);
      expect(await usesOf(coupon)).toBe(1);
    });

    it('cannot be lowered below what is used', async () => {
      const [product, coupon] = [await shop.product(), await shop.coupon()];
      for (const buyer of [ann, ann, await shop.customer()]) await buy(buyer, product.id, coupon.code);
      const change = (fields: object) => shop.admin.api.patch(`/coupons/${coupon.id}`, fields);
      expectInvalid(await change({ usageLimit: 2 }), 'usageLimit');
      expectInvalid(await change({ usageLimitPerUser: 1 }), 'usageLimitPerUser');
      expect((await change({ usageLimit: 3, usageLimitPerUser: 2 })).body).toMatchObject({ usageCount: 3 });
      expectProblem(await buy(await shop.customer(), product.id, coupon.code), 409, 'coupon_exhausted');
    });

    it('hold while an admin lowers them under checkouts', async () => {
      const [buyers, products] = [await shop.customers(16), await atOnce(16, () => shop.product())];
      const coupon = await shop.coupon({ usageLimit: 20 });
      const lowering = shop.admin.api.patch(`/coupons/${coupon.id}`, { usageLimit: 4 });
      const answers = await Promise.all(
        buyers.map((buyer, index) => buy(buyer, products[index]?.id, coupon.code)),
      );
      const isLowered = (await lowering).status === 200;
      const { usageLimit, usageCount } = (await shop.admin.api.get(`/coupons/${coupon.id}`)).body;
      expect([usageLimit, usageCount]).toEqual(isLowered ? [4, 4] : [20, 16]);
      expect(tally(answers)['201']).toBe(usageCount);
    });
  });

  describe('redemptions', () => {
    it('are listed newest first with what they took off and whether they were taken back', async () => {
      const [product, coupon] = [await shop.product({ price: 30 }), await shop.coupon()];
      const [first, second] = [
        await buy(ann, product.id, coupon.code),
        await buy(ann, product.id, coupon.code),
      ];
      await ann.api.post(`/orders/${first.body.id}/cancel`);
      const { status, body } = await shop.admin.api.get(`/coupons/${coupon.id}/redemptions`);
      const common = { userId: ann.id, amount: 3, currency: 'USD', at: expect.any(String) };
      expect(status).toBe(200);
      expect(body).toEqual({
        data: [
          { orderId: second.body.id, orderNumber: second.body.number, cancelledAt: null, ...common },
          {
            orderId: first.body.id,
            orderNumber: first.body.number,
            cancelledAt: expect.any(String),
            ...common,
          },
        ],
        meta: { page: 1, limit: 20, totalItems: 2, totalPages: 1 },
      });
    });

    it('stay readable after the coupon is deleted, and an open order can still be cancelled', async () => {
      const [product, coupon] = [await shop.product(), await shop.coupon({ usageLimit: 1 })];
      const order = (await buy(ann, product.id, coupon.code)).body;
      expect((await shop.admin.api.delete(`/coupons/${coupon.id}`)).status).toBe(204);
      expect((await ann.api.post(`/orders/${order.id}/cancel`)).status).toBe(200);
      const { status, body } = await shop.admin.api.get(`/coupons/${coupon.id}/redemptions`);
      expect(status).toBe(200);
      expect(body.data).toMatchObject([{ orderId: order.id, cancelledAt: expect.any(String) }]);
      expect((await ann.api.get(`/orders/${order.id}`)).body.couponCode).toBe(coupon.code);
    });
  });
});
