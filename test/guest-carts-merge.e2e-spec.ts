import { atOnce, expectProblem, tally } from './support/answers';
import type { Answer, Json } from './support/api-client';
import { type Guest, orderOf, PASSWORD, type Person, Shop, unique } from './support/shop';

const UNKNOWN_TOKEN = 'x'.repeat(43);

describe('the cart of a guest who signs in', () => {
  let shop: Shop;
  let ann: Person;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  beforeEach(async () => {
    ann = await shop.customer();
  });

  afterAll(() => shop.close());

  const signIn = (
    token: string,
    { email }: { email: string } = ann,
    password = PASSWORD,
  ): Promise<Answer<Json>> => shop.api.post('/auth/login', { email, password }, { 'X-Cart-Token': token });
  const register = (token: string, email = `person-${unique()}@example.com`): Promise<Answer<Json>> =>
    shop.api.post('/auth/register', { email, password: PASSWORD }, { 'X-Cart-Token': token });
  const cartOf = async ({ accessToken }: { accessToken: string } = ann): Promise<Json> =>
    (await shop.api.as(accessToken).get('/cart')).body;
  const quantitiesIn = (cart: Json): Record<string, number> =>
    Object.fromEntries(cart.items.map((item: Json) => [item.productId, item.quantity]));
  const sessions = async (): Promise<number> => (await ann.api.get('/auth/sessions')).body.data.length;
  const expectSpent = async ({ api, token }: Guest): Promise<void> => {
    expectProblem(await api.get('/cart'), 404, 'not_found');
    expectProblem(await signIn(token), 404, 'not_found');
  };

  it('is there when the account is made', async () => {
    const [lamp, mug, coupon] = [await shop.product(), await shop.product(), await shop.coupon()];
    const guest = await shop.guest({ productId: mug.id, quantity: 2 }, { productId: lamp.id, quantity: 1 });
    await guest.api.post('/cart/coupon', { code: coupon.code });
    const before = (await guest.api.get('/cart')).body;
    const { status, body } = await register(guest.token);
    expect(status).toBe(201);
    const { id, version, updatedAt, ...after } = await cartOf(body);
    expect(before).toMatchObject(after);
    expect(after).toMatchObject({ itemCount: 3, discount: 3, coupon: { code: coupon.code } });
    expect(id).not.toBe(before.id);
    expect(version).toBe(2);
    expect(updatedAt >= before.updatedAt).toBe(true);
    await expectSpent(guest);
  });

  it('adds up with what the user has, in one step of its version', async () => {
    const [lamp, mug, pen] = [await shop.product(), await shop.product({ stock: 5 }), await shop.product()];
    await ann.api.put('/cart/items', {
      items: [
        { productId: lamp.id, quantity: 1 },
        { productId: mug.id, quantity: 3 },
      ],
    });
    const guest = await shop.guest({ productId: pen.id, quantity: 4 }, { productId: mug.id, quantity: 4 });
    const { version } = await cartOf();
    expect((await signIn(guest.token)).status).toBe(200);
    const cart = await cartOf();
    expect(quantitiesIn(cart)).toEqual({ [lamp.id]: 1, [mug.id]: 5, [pen.id]: 4 });
    expect(cart.items.map((item: Json) => item.productId)).toEqual([lamp.id, mug.id, pen.id]);
    expect(cart.version).toBe(version + 1);
    await expectSpent(guest);
  });

  it('is left where it is by who brings no token, or signs in elsewhere', async () => {
    const product = await shop.product();
    const guest = await shop.guest({ productId: product.id, quantity: 1 });
    expect((await shop.api.post('/auth/login', { email: ann.email, password: PASSWORD })).status).toBe(200);
    expect((await signIn('')).status).toBe(200);
    expect((await cartOf()).items).toEqual([]);
    expect((await guest.api.get('/cart')).body.itemCount).toBe(1);
  });

  it('leaves behind what cannot be had, and never refuses the sign-in for it', async () => {
    const [gone, sold, short, kept] = await atOnce(4, () => shop.product({ stock: 9 }));
    const guest = await shop.guest(
      ...[gone, sold, short, kept].map(({ id }) => ({ productId: id, quantity: 5 })),
    );
    await shop.editor.api.delete(`/products/${gone.id}`);
    await shop.editor.api.patch(`/products/${sold.id}`, { stock: 0 });
    await shop.editor.api.patch(`/products/${short.id}`, { stock: 2 });
    expect((await signIn(guest.token)).status).toBe(200);
    expect(quantitiesIn(await cartOf())).toEqual({ [short.id]: 2, [kept.id]: 5 });
    await expectSpent(guest);
  });

  it('comes to a user who has nothing left of it, as an empty cart', async () => {
    const product = await shop.product({ currency: 'EUR' });
    const guest = await shop.guest({ productId: product.id, quantity: 1 });
    await shop.editor.api.delete(`/products/${product.id}`);
    expect((await signIn(guest.token)).status).toBe(200);
    expect(await cartOf()).toMatchObject({ items: [], currency: 'USD', version: 1 });
  });

  it('follows the currency of the user’s cart', async () => {
    const [usd, eur] = [await shop.product(), await shop.product({ currency: 'EUR' })];
    const guest = await shop.guest({ productId: eur.id, quantity: 2 });
    expect((await signIn(guest.token)).status).toBe(200);
    expect(await cartOf()).toMatchObject({ currency: 'EUR', itemCount: 2 });
    const other = await shop.guest({ productId: usd.id, quantity: 1 });
    const before = await cartOf();
    expect((await signIn(other.token)).status).toBe(200);
    expect(await cartOf()).toEqual(before);
    await expectSpent(other);
  });

  it('fills the user’s up to a hundred products', async () => {
    const products = await atOnce(102, () => shop.product());
    const items = products.map(({ id }) => ({ productId: id, quantity: 1 }));
    await ann.api.put('/cart/items', { items: items.slice(0, 99) });
    const guest = await shop.guest(...items.slice(98));
    expect((await signIn(guest.token)).status).toBe(200);
    const quantities = quantitiesIn(await cartOf());
    expect(Object.keys(quantities)).toHaveLength(100);
    expect([98, 99, 100].map((index) => quantities[products[index].id])).toEqual([2, 1, undefined]);
  });

  it('brings its coupon to a user who has none, and checkout decides about it', async () => {
    const product = await shop.product({ price: 10 });
    const [once, other] = [await shop.coupon({ usageLimitPerUser: 1 }), await shop.coupon()];
    await shop.order(ann, [{ productId: product.id, quantity: 1 }], { couponCode: once.code });
    const guest = await shop.guest({ productId: product.id, quantity: 1 });
    expect((await guest.api.post('/cart/coupon', { code: once.code })).body.discount).toBe(1);
    await signIn(guest.token);
    expect(await cartOf()).toMatchObject({ coupon: { code: once.code }, discount: 0, total: 10 });
    expectProblem(await ann.api.post('/orders', orderOf()), 409, 'coupon_exhausted');
    await ann.api.post('/cart/coupon', { code: other.code });
    const second = await shop.guest({ productId: product.id, quantity: 1 });
    await second.api.post('/cart/coupon', { code: once.code });
    await signIn(second.token);
    expect(await cartOf()).toMatchObject({ coupon: { code: other.code }, itemCount: 2, discount: 2 });
  });

  it('stays the guest’s when nobody is signed in', async () => {
    const product = await shop.product();
    const guest = await shop.guest({ productId: product.id, quantity: 1 });
    expectProblem(await signIn(guest.token, ann, 'wrong password'), 401, 'invalid_credentials');
    expectProblem(await signIn(guest.token, { email: 'nobody@example.com' }), 401, 'invalid_credentials');
    expectProblem(await register(guest.token, ann.email), 409, 'email_taken');
    await shop.admin.api.patch(`/users/${ann.id}`, { isActive: false });
    expectProblem(await signIn(guest.token), 401, 'invalid_credentials');
    expect((await guest.api.get('/cart')).body.itemCount).toBe(1);
  });

  it('is asked for before the password: an unknown token is 404 with any, and nobody is signed in', async () => {
    const before = await sessions();
    for (const password of [PASSWORD, 'wrong password'])
      expectProblem(await signIn(UNKNOWN_TOKEN, ann, password), 404, 'not_found');
    const email = `person-${unique()}@example.com`;
    expectProblem(await register(UNKNOWN_TOKEN, email), 404, 'not_found');
    expectProblem(await register(UNKNOWN_TOKEN, ann.email), 404, 'not_found');
    expect(await sessions()).toBe(before);
    expect(await shop.query('SELECT FROM users WHERE email = $1', [email])).toEqual([]);
  });

  it('comes once, and whole, when ten sign in with its token at once', async () => {
    const [product, other] = [await shop.product(), await shop.product()];
    const guest = await shop.guest(
      { productId: product.id, quantity: 7 },
      { productId: other.id, quantity: 1 },
    );
    await ann.api.post('/cart/items', { productId: product.id, quantity: 2 });
    const before = await sessions();
    expect(tally(await atOnce(10, () => signIn(guest.token)))).toEqual({ '200': 1, '404 not_found': 9 });
    expect(quantitiesIn(await cartOf())).toEqual({ [product.id]: 9, [other.id]: 1 });
    expect(await sessions()).toBe(before + 1);
  });

  it('comes to one of ten who sign in or register with its token at once', async () => {
    const [product, people] = [await shop.product(), await shop.customers(5)];
    const guest = await shop.guest({ productId: product.id, quantity: 3 });
    const answers = await Promise.all([
      ...people.map((person) => signIn(guest.token, person)),
      ...people.map(() => register(guest.token)),
    ]);
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
    expect(tally(answers)).toMatchObject({ '404 not_found': 9 });
    const found = await shop.query(
      'SELECT user_id, quantity FROM cart_items i JOIN carts c ON c.id = i.cart_id WHERE product_id = $1',
      [product.id],
    );
    const winner = answers.find(({ status }) => status < 300)?.body.user;
    expect(found).toEqual([{ user_id: winner.id, quantity: 3 }]);
  });

  it('loses nothing of what eight carts bring to one user at once, who goes on shopping', async () => {
    const products = await atOnce(5, () => shop.product({ stock: 1000 }));
    const guests = await atOnce(8, (index) =>
      shop.guest(...products.slice(index % 5).map(({ id }) => ({ productId: id, quantity: index + 1 }))),
    );
    const expected: Record<string, number> = {};
    for (const { api } of guests)
      for (const [id, quantity] of Object.entries(quantitiesIn((await api.get('/cart')).body)))
        expected[id] = (expected[id] ?? 0) + quantity;
    const { id } = products[0];
    const answers = await Promise.all([
      ...guests.map(({ token }) => signIn(token)),
      ...guests.map(() => ann.api.post('/cart/items', { productId: id, quantity: 1 })),
    ]);
    expect(tally(answers)).toEqual({ '200': 16 });
    expect(quantitiesIn(await cartOf())).toEqual({ ...expected, [id]: (expected[id] ?? 0) + 8 });
  });

  it('brings all that the guest was told is in it, and nothing else, while the guest goes on adding', async () => {
    for (let round = 0; round < 3; round++) {
      const [product, person, guest] = [await shop.product(), await shop.customer(), await shop.guest()];
      const add = () => guest.api.post('/cart/items', { productId: product.id, quantity: 1 });
      const first = await add();
      const [signedIn, ...added] = await Promise.all([
        signIn(guest.token, person),
        ...Array.from({ length: 12 }, add),
      ]);
      const { '200': done = 0, '404 not_found': late = 0 } = tally([first, ...added]);
      expect([signedIn?.status, done + late]).toEqual([200, 13]);
      expect(quantitiesIn(await cartOf(person))).toEqual({ [product.id]: done });
    }
  });

  it('is ordered or stays, never both nor neither, while the user orders', async () => {
    for (let round = 0; round < 4; round++) {
      const [person, own, brought] = [await shop.customer(), await shop.product(), await shop.product()];
      await person.api.post('/cart/items', { productId: own.id, quantity: 1 });
      const guest = await shop.guest(
        { productId: own.id, quantity: 1 },
        { productId: brought.id, quantity: 2 },
      );
      const [order, signedIn] = await Promise.all([
        person.api.post('/orders', orderOf()),
        signIn(guest.token, person),
      ]);
      expect([order.status, signedIn.status]).toEqual([201, 200]);
      const [ordered, left] = [quantitiesIn(order.body), quantitiesIn(await cartOf(person))];
      const isMergedFirst = ordered[brought.id] === 2;
      expect([ordered, left]).toEqual(
        isMergedFirst
          ? [{ [own.id]: 2, [brought.id]: 2 }, {}]
          : [{ [own.id]: 1 }, { [own.id]: 1, [brought.id]: 2 }],
      );
    }
  });

  it('goes with the account that it came to', async () => {
    const product = await shop.product();
    const guest = await shop.guest({ productId: product.id, quantity: 1 });
    await signIn(guest.token);
    expect((await ann.api.delete('/users/me', {}, { password: PASSWORD })).status).toBe(204);
    expect(await shop.query('SELECT FROM cart_items WHERE product_id = $1', [product.id])).toEqual([]);
  });
});
