import { createForeignDatabase } from './support/foreign-database';
import { orderOf, Shop, unique } from './support/shop';

/** Where the capital of `i` is `İ`, and the small letter of `I` is `ı`. */
describe('a database whose language is Turkish', () => {
  let database: Awaited<ReturnType<typeof createForeignDatabase>>;
  let shop: Shop;

  beforeAll(async () => {
    database = await createForeignDatabase('tr');
    shop = await Shop.open({ databaseUrl: database.url });
  });

  afterAll(async () => {
    await shop.close();
    await database.drop();
  });

  it('takes a coupon in whatever case it is typed', async () => {
    const code = `Winter-${unique()}`;
    await shop.coupon({ code });
    const [ann, { id: productId }] = [await shop.customer(), await shop.product()];
    await ann.api.post('/cart/items', { productId, quantity: 1 });
    expect((await ann.api.post('/cart/coupon', { code: code.toLowerCase() })).status).toBe(200);
    const { status, body } = await ann.api.post('/orders', orderOf({ couponCode: code.toLowerCase() }));
    expect([status, body.couponCode]).toEqual([201, code.toUpperCase()]);
  });

  it('signs in and finds what has an i in its name, in whatever case it is typed', async () => {
    const person = await shop.customer({ email: `IRIS-${unique()}@EXAMPLE.COM` });
    const [email, password] = [person.email.toLowerCase(), person.password];
    expect((await shop.api.post('/auth/login', { email, password })).status).toBe(200);
    const { id } = await shop.product({ name: 'Iris in a BIG vase' });
    for (const q of ['iris big', 'IRIS BIG', 'iirs']) {
      const { body } = await shop.api.get(`/products?q=${encodeURIComponent(q)}`);
      expect(body.data).toEqual([expect.objectContaining({ id })]);
    }
    expect((await shop.api.get('/products/suggest?q=IR')).body.data).toHaveLength(1);
  });

  it('finds an order by its number, in whatever case it is typed', async () => {
    const [ann, { id: productId }] = [await shop.customer(), await shop.product()];
    const { number } = await shop.order(ann, [{ productId, quantity: 1 }]);
    const { body } = await ann.api.get(`/orders?number=${number.toLowerCase()}`);
    expect(body.data).toHaveLength(1);
  });
});
