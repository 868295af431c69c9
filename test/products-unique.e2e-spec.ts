import { randomUUID } from 'node:crypto';
import type { Answer, Json } from './support/api-client';
import { Shop, unique } from './support/shop';

describe('what is unique about a product', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  afterAll(() => shop.close());

  const create = (fields: object, headers?: Record<string, string>): Promise<Answer<Json>> =>
    shop.editor.api.post('/products', fields, headers);

  describe('slug and sku', () => {
    it('gives each of ten products of one name, made at once, a slug of its own', async () => {
      const made = await Promise.all(
        Array.from({ length: 10 }, () => create({ name: 'Same Name', price: 1 })),
      );
      expect(made.map(({ status }) => status)).toEqual(Array(10).fill(201));
      const expected = ['same-name', ...Array.from({ length: 9 }, (_, index) => `same-name-${index + 2}`)];
      expect(made.map(({ body }) => body.slug).sort()).toEqual(expected.sort());
    });

    it('makes free slugs while others take the next suffix', async () => {
      await create({ name: 'Lamp', price: 1 });
      const names = ['Lamp', 'Lamp 2', 'Lamp', 'Lamp 2', 'Lamp 3', 'Lamp 2 2', 'Lamp', 'Lamp 3'];
      const made = await Promise.all(names.map((name) => create({ name, price: 1 })));
      expect(made.map(({ status }) => status)).toEqual(Array(names.length).fill(201));
    });

    it('makes slugs that can be given back, even from the longest names', async () => {
      const name = 'longish '.repeat(25).trim();
      await create({ name, price: 1 });
      const { body } = await create({ name, price: 1 });
      const again = await shop.editor.api.patch(`/products/${body.id}`, { slug: body.slug });
      expect(again).toMatchObject({ status: 200, body: { slug: body.slug } });
    });

    it.each(['tree', 'featured', 'suggest', 'facets', 'export', 'import'])(
      'puts a suffix on %s, which is a route',
      async (word) => {
        const made = await create({ name: word, price: 1 });
        expect(made.body.slug).toMatch(new RegExp(`^${word}-\\d+$`));
        expect((await shop.api.get(`/products/${made.body.slug}`)).body.id).toBe(made.body.id);
        await shop.editor.api.delete(`/products/${made.body.id}`);
        expect((await create({ name: 'Given', slug: word, price: 1 })).body.slug).toMatch(
          new RegExp(`^${word}-\\d+$`),
        );
      },
    );

    it('refuses a slug or sku that is taken, until its product is deleted', async () => {
      const fields = { name: 'First', price: 1, slug: `first-${unique()}`, sku: unique() };
      const { body: first } = await create(fields);
      const { slug, sku } = fields;
      expect(await create({ name: 'B', price: 1, slug })).toMatchObject({
        status: 409,
        body: { code: 'slug_taken' },
      });
      expect(await create({ name: 'B', price: 1, sku })).toMatchObject({
        status: 409,
        body: { code: 'sku_taken' },
      });
      expect(await create({ name: 'B', price: 1, sku: ` ${sku} ` })).toMatchObject({ status: 409 });
      await shop.editor.api.delete(`/products/${first.id}`);
      expect(await create(fields)).toMatchObject({ status: 201, body: { slug, sku } });
    });

    it('lets one of five take a sku at once', async () => {
      const sku = unique();
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => create({ name: 'Rush', price: 1, sku })),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    });
  });

  describe('Idempotency-Key', () => {
    it('makes one product of a request that comes twice, or five times at once', async () => {
      const [key, name] = [unique(), `Once ${unique()}`];
      const first = await create({ name, price: 1, stock: 4 }, { 'Idempotency-Key': key });
      const again = await create({ name, price: 1, stock: 4 }, { 'Idempotency-Key': key });
      expect(again).toMatchObject({ status: 201, body: first.body });
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      expect(first.headers.get('idempotent-replayed')).toBeNull();
      await Promise.all(
        Array.from({ length: 5 }, () => create({ name, price: 1 }, { 'Idempotency-Key': `${key}-b` })),
      );
      const { body } = await shop.api.get(`/products?q=${encodeURIComponent(name)}`);
      expect(body.meta.totalItems).toBe(2);
    });

    it('refuses the key for another product, and takes it for another editor', async () => {
      const key = { 'Idempotency-Key': unique() };
      await create({ name: 'One', price: 1 }, key);
      expect(await create({ name: 'Two', price: 1 }, key)).toMatchObject({
        status: 422,
        body: { code: 'idempotency_key_reused' },
      });
      expect(await shop.admin.api.post('/products', { name: 'One', price: 1 }, key)).toMatchObject({
        status: 201,
      });
    });

    it('replays a refusal by a rule, but not one for a bad field', async () => {
      const [key, sku] = [{ 'Idempotency-Key': unique() }, unique()];
      const { id } = await shop.product({ sku });
      expect(await create({ name: 'Late', price: 1, sku }, key)).toMatchObject({ status: 409 });
      await shop.editor.api.delete(`/products/${id}`);
      const replayed = await create({ name: 'Late', price: 1, sku }, key);
      expect(replayed).toMatchObject({ status: 409, body: { code: 'sku_taken' } });
      expect(replayed.headers.get('idempotent-replayed')).toBe('true');
      const other = { 'Idempotency-Key': unique() };
      expect(await create({ name: 'Bad', price: 1, categoryId: randomUUID() }, other)).toMatchObject({
        status: 422,
      });
      expect(await create({ name: 'Good', price: 1 }, other)).toMatchObject({ status: 201 });
    });
  });
});
