import { atOnce, expectProblem, tally } from './support/answers';
import type { Json } from './support/api-client';
import { type Person, Shop, unique } from './support/shop';

describe('a cart and what changes around it', () => {
  let shop: Shop;
  let ann: Person;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  beforeEach(async () => {
    ann = await shop.customer();
  });

  afterAll(() => shop.close());

  const add = (productId: string, quantity = 1) => ann.api.post('/cart/items', { productId, quantity });
  const edit = (product: Json, fields: object) => shop.editor.api.patch(`/products/${product.id}`, fields);
  const issues = async (): Promise<string[]> =>
    (await ann.api.get('/cart')).body.items.map((item: Json) => item.issue);

  describe('staff edit the catalogue', () => {
    it('says which products sold out, went short or went away, and stays readable', async () => {
      const products = await Promise.all([1, 2, 3, 4, 5].map((price) => shop.product({ price, stock: 9 })));
      for (const { id } of products) await add(id, 2);
      const [soldOut, short, draft, deleted] = products;
      await edit(soldOut, { stock: 0 });
      await edit(short, { stock: 1 });
      await edit(draft, { status: 'draft' });
      await shop.editor.api.delete(`/products/${deleted.id}`);
      expect(await issues()).toEqual([
        'out_of_stock',
        'insufficient_stock',
        'unavailable',
        'unavailable',
        null,
      ]);
      const { body } = await ann.api.get('/cart');
      expect(body).toMatchObject({ itemCount: 10, subtotal: 2 + 4 + 10, total: 16 });
      expect(body.items[2]).toMatchObject({ unitPrice: 3, lineTotal: 6, product: { name: draft.name } });
    });

    it('lets go of an issue when its cause has gone', async () => {
      const product = await shop.product({ stock: 1 });
      await add(product.id);
      await edit(product, { status: 'archived', stock: 0 });
      expect(await issues()).toEqual(['unavailable']);
      await edit(product, { status: 'active' });
      expect(await issues()).toEqual(['out_of_stock']);
      await edit(product, { stock: 4 });
      expect(await issues()).toEqual([null]);
    });

    it('shows today’s prices', async () => {
      const product = await shop.product({ price: 10 });
      await add(product.id, 3);
      await edit(product, { price: 12.34 });
      const { body } = await ann.api.get('/cart');
      expect(body).toMatchObject({ subtotal: 37.02, total: 37.02 });
      expect(body.items[0]).toMatchObject({ unitPrice: 12.34, lineTotal: 37.02 });
    });

    it('lets what became unavailable be taken out, but not be added to', async () => {
      const [gone, kept] = [await shop.product(), await shop.product()];
      await add(gone.id);
      await add(kept.id);
      await shop.editor.api.delete(`/products/${gone.id}`);
      expectProblem(await add(gone.id), 409, 'product_unavailable');
      expect((await ann.api.delete(`/cart/items/${gone.id}`)).body.items).toHaveLength(1);
    });

    it('does not sell a product whose currency was changed since', async () => {
      const [changed, other] = [await shop.product(), await shop.product()];
      await add(changed.id);
      await add(other.id);
      await edit(changed, { currency: 'EUR' });
      expect(await issues()).toEqual(['unavailable', null]);
      expect((await ann.api.get('/cart')).body).toMatchObject({ currency: 'USD', subtotal: 10 });
    });
  });

  describe('versions', () => {
    it('changes its ETag with every change of its own, of a price, of a stock and of a name', async () => {
      const product = await shop.product({ stock: 5 });
      const tags = [(await ann.api.get('/cart')).headers.get('etag')];
      const look = async () => tags.push((await ann.api.get('/cart')).headers.get('etag'));
      await add(product.id);
      await look();
      for (const fields of [
        { price: 11 },
        { stock: 4 },
        { name: `Renamed ${unique()}` },
        { status: 'draft' },
      ]) {
        await edit(product, fields);
        await look();
      }
      expect(new Set(tags).size).toBe(tags.length);
    });

    it('answers a write with the ETag that the next read has, which starts with the version', async () => {
      const product = await shop.product();
      const written = await add(product.id);
      const read = await ann.api.get('/cart');
      expect(written.headers.get('etag')).toBe(read.headers.get('etag'));
      expect(read.headers.get('etag')).toMatch(new RegExp(`^"${read.body.version}(\\.[^"]+)?"$`));
    });

    it('answers 304 without a body while nothing that it shows has changed', async () => {
      const product = await shop.product();
      const etag = (await add(product.id)).headers.get('etag') ?? '';
      const same = await ann.api.get('/cart', { 'If-None-Match': etag });
      expect({ status: same.status, body: same.body }).toEqual({ status: 304, body: '' });
      await edit(product, { price: 10.01 });
      const changed = await ann.api.get('/cart', { 'If-None-Match': etag });
      expect(changed.status).toBe(200);
      expect(changed.body.total).toBe(10.01);
    });

    it('refuses every write that comes with a stale ETag, and changes nothing', async () => {
      const [{ id }, other, coupon] = [await shop.product(), await shop.product(), await shop.coupon()];
      const stale = { 'If-Match': (await add(id)).headers.get('etag') ?? '' };
      await ann.api.post('/cart/coupon', { code: coupon.code });
      const before = (await ann.api.get('/cart')).body;
      const item = { productId: other.id, quantity: 1 };
      const refused = [
        await ann.api.post('/cart/items', item, stale),
        await ann.api.put('/cart/items', { items: [item] }, stale),
        await ann.api.put(`/cart/items/${id}`, { quantity: 9 }, stale),
        await ann.api.delete(`/cart/items/${id}`, stale),
        await ann.api.delete('/cart', stale),
        await ann.api.post('/cart/coupon', { code: coupon.code }, stale),
        await ann.api.delete('/cart/coupon', stale),
      ];
      expect(tally(refused)).toEqual({ '412 version_mismatch': 7 });
      expect((await ann.api.get('/cart')).body).toEqual(before);
    });

    it('refuses a write that did not see a new price or stock, unless it names the version alone', async () => {
      const product = await shop.product();
      const { headers, body } = await add(product.id);
      const whole = { 'If-Match': headers.get('etag') ?? '' };
      await edit(product, { price: 99 });
      expectProblem(await ann.api.delete('/cart', whole), 412, 'version_mismatch');
      expect((await ann.api.delete('/cart', { 'If-Match': `"${body.version}"` })).status).toBe(204);
    });

    it('lets one of many writes with the same ETag through', async () => {
      const product = await shop.product();
      const etag = (await add(product.id)).headers.get('etag') ?? '';
      const item = { productId: product.id, quantity: 1 };
      const answers = await atOnce(8, () => ann.api.post('/cart/items', item, { 'If-Match': etag }));
      expect(tally(answers)).toEqual({ '200': 1, '412 version_mismatch': 7 });
      expect((await ann.api.get('/cart')).body.itemCount).toBe(2);
    });
  });

  describe('changes at the same time', () => {
    it('keeps thirty products that are added at once to a cart that was not there', async () => {
      const products = await atOnce(30, () => shop.product());
      const answers = await Promise.all(products.map(({ id }) => add(id)));
      expect(tally(answers)).toEqual({ '200': 30 });
      const { body } = await ann.api.get('/cart');
      expect(body.items.map((item: Json) => item.productId).sort()).toEqual(
        products.map(({ id }) => id).sort(),
      );
      expect(body.itemCount).toBe(30);
    });

    it('counts one product that is added twenty times at once twenty times', async () => {
      const { id } = await shop.product();
      await add(id, 5);
      expect(tally(await atOnce(20, () => add(id)))).toEqual({ '200': 20 });
      expect((await ann.api.get('/cart')).body.itemCount).toBe(25);
    });

    it('gives one cart to a user who asks for it many times at once', async () => {
      const answers = await atOnce(10, () => ann.api.get('/cart'));
      expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
      expect(tally(answers)).toEqual({ '200': 10 });
    });
  });
});
