import { randomUUID } from 'node:crypto';
import type { Json } from './support/api-client';
import { type Person, Shop, unique } from './support/shop';

describe('reading a product', () => {
  let shop: Shop;
  let customer: Person;

  beforeAll(async () => {
    shop = await Shop.open();
    customer = await shop.customer();
  });

  afterAll(() => shop.close());

  it('shows it by id and by slug', async () => {
    const { lowStockThreshold: _, ...shown } = await shop.product();
    for (const part of [shown.id, shown.id.toUpperCase(), shown.slug]) {
      expect(await shop.api.get(`/products/${part}`)).toMatchObject({ status: 200, body: shown });
    }
    expect((await shop.api.get(`/products/${shown.id}/`)).status).toBe(200);
  });

  it.each([randomUUID(), 'no-such-product', '%25', '0'])('says not_found for %s', async (id) => {
    for (const { api } of [shop, shop.editor]) {
      expect(await api.get(`/products/${id}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
  });

  it.each(['draft', 'archived'])('hides a product that is %s from all but staff', async (status) => {
    const { id, slug } = await shop.product({ status });
    for (const part of [id, slug]) {
      for (const { api } of [shop, customer]) {
        expect(await api.get(`/products/${part}`)).toMatchObject({
          status: 404,
          body: { code: 'not_found' },
        });
      }
      for (const { api } of [shop.editor, shop.admin]) {
        expect(await api.get(`/products/${part}`)).toMatchObject({ status: 200, body: { id, status } });
      }
    }
  });

  it('shows the low-stock threshold to staff only', async () => {
    const { id } = await shop.product({ lowStockThreshold: 5, featured: true });
    const { id: without } = await shop.product();
    for (const { api } of [shop, customer]) {
      expect((await api.get(`/products/${id}`)).body).not.toHaveProperty('lowStockThreshold');
      expect((await api.get('/products?limit=100')).body.data[0]).not.toHaveProperty('lowStockThreshold');
      expect((await api.get('/products/featured')).body.data).toEqual([
        expect.not.objectContaining({ lowStockThreshold: expect.anything() }),
      ]);
    }
    for (const { api } of [shop.editor, shop.admin]) {
      expect((await api.get(`/products/${id}`)).body.lowStockThreshold).toBe(5);
      expect((await api.get(`/products/${without}`)).body.lowStockThreshold).toBeNull();
      expect((await api.get('/products?limit=100')).body.data[0]).toHaveProperty('lowStockThreshold');
    }
  });

  it('says whether it is in stock', async () => {
    const { id } = await shop.product({ stock: 1 });
    expect((await shop.api.get(`/products/${id}`)).body).toMatchObject({ stock: 1, inStock: true });
    await shop.editor.api.post(`/products/${id}/stock-adjustments`, { delta: -1, reason: 'Broken' });
    expect((await shop.api.get(`/products/${id}`)).body).toMatchObject({ stock: 0, inStock: false });
  });

  describe('entity tags', () => {
    it('is the version alone, or with a part for the category that it shows', async () => {
      const plain = await shop.product();
      expect((await shop.api.get(`/products/${plain.id}`)).headers.get('etag')).toBe('"1"');
      const { id } = await shop.category();
      const shelved = await shop.product({ categoryId: id });
      expect((await shop.api.get(`/products/${shelved.id}`)).headers.get('etag')).toMatch(/^"1\.[\w-]+"$/);
    });

    it.each([
      ['name', 'Renamed'],
      ['slug', `moved-${unique()}`],
    ])('changes with the category’s %s, while the version stays', async (field, value) => {
      const category = await shop.category();
      const { id } = await shop.product({ categoryId: category.id });
      const before = (await shop.api.get(`/products/${id}`)).headers.get('etag') ?? '';
      await shop.editor.api.patch(`/categories/${category.id}`, { [field]: value });
      const after = await shop.api.get(`/products/${id}`, { 'If-None-Match': before });
      expect(after).toMatchObject({ status: 200, body: { version: 1, category: { [field]: value } } });
      expect(after.headers.get('etag')).toMatch(/^"1\./);
      expect(after.headers.get('etag')).not.toBe(before);
    });

    it('gives 304 without a body while nothing has changed, to anyone', async () => {
      const { id, slug } = await shop.product();
      for (const { api } of [shop, customer, shop.editor]) {
        const etag = (await api.get(`/products/${id}`)).headers.get('etag') ?? '';
        for (const tags of [etag, `"9", ${etag}`, `W/${etag}`, '*']) {
          const answer = await api.get(`/products/${slug}`, { 'If-None-Match': tags });
          expect(answer).toMatchObject({ status: 304, body: '' });
          expect(answer.headers.get('etag')).toBe(etag);
        }
        expect((await api.get(`/products/${id}`, { 'If-None-Match': '"9"' })).status).toBe(200);
      }
    });

    it('does not say 304 once the product or its stock has changed, or it is gone', async () => {
      const { id } = await shop.product();
      const read = (etag: string): Promise<{ status: number; headers: Headers }> =>
        shop.api.get(`/products/${id}`, { 'If-None-Match': etag, 'Cache-Control': 'no-cache' });
      expect((await read('"1"')).status).toBe(304);
      await shop.editor.api.patch(`/products/${id}`, { price: 11 });
      expect((await read('"1"')).headers.get('etag')).toBe('"2"');
      await shop.editor.api.post(`/products/${id}/stock-adjustments`, { delta: 1, reason: 'Found' });
      expect((await read('"2"')).headers.get('etag')).toBe('"3"');
      await shop.order(customer, [{ productId: id, quantity: 1 }]);
      expect((await read('"3"')).headers.get('etag')).toBe('"4"');
      await shop.editor.api.delete(`/products/${id}`);
      expect((await read('"4"')).status).toBe(404);
    });
  });

  describe('caching', () => {
    it('lets everyone cache what customers see, and nobody what staff see', async () => {
      const { id, slug } = await shop.product();
      for (const part of [id, slug]) {
        for (const { api } of [shop, customer]) {
          const { headers } = await api.get(`/products/${part}`);
          expect(headers.get('cache-control')).toMatch(/^public, max-age=\d+, stale-while-revalidate=\d+$/);
          expect(headers.get('vary')).toMatch(/authorization/i);
        }
        const { headers } = await shop.editor.api.get(`/products/${part}`);
        expect(headers.get('cache-control')).toBe('private, no-store');
      }
    });

    it('lets nobody cache a refusal', async () => {
      const answers = [
        await shop.api.get(`/products/${randomUUID()}`),
        await shop.api.with({ Authorization: 'Bearer nonsense' }).get('/products'),
        await customer.api.post('/products', { name: 'A', price: 1 }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([404, 401, 403]);
      for (const { headers } of answers) expect(headers.get('cache-control')).toBe('private, no-store');
    });
  });

  describe('a deleted product', () => {
    it('is gone from reads, lists and writes, for staff too, and stays in past orders', async () => {
      const category = await shop.category();
      const product = await shop.product({
        name: unique(),
        categoryId: category.id,
        featured: true,
        stock: 3,
      });
      const order = await shop.order(customer, [{ productId: product.id, quantity: 1 }]);
      expect(await shop.editor.api.delete(`/products/${product.id}`)).toMatchObject({
        status: 204,
        body: '',
      });

      const gone = { status: 404, body: { code: 'not_found' } };
      expect(await shop.admin.api.get(`/products/${product.id}`)).toMatchObject(gone);
      expect(await shop.admin.api.get(`/products/${product.slug}`)).toMatchObject(gone);
      expect(await shop.editor.api.patch(`/products/${product.id}`, { price: 1 })).toMatchObject(gone);
      expect(await shop.editor.api.put(`/products/${product.id}`, { name: 'A', price: 1 })).toMatchObject(
        gone,
      );
      expect(await shop.editor.api.delete(`/products/${product.id}`)).toMatchObject(gone);
      expect(await shop.editor.api.get(`/products/${product.id}/stock-adjustments`)).toMatchObject(gone);
      const adjustment = { delta: 1, reason: 'Found' };
      expect(
        await shop.editor.api.post(`/products/${product.id}/stock-adjustments`, adjustment),
      ).toMatchObject(gone);
      for (const path of [`/products?category=${category.id}`, `/products?q=${product.name}`]) {
        expect((await shop.api.get(path)).body.data).toEqual([]);
      }
      const featured = (await shop.api.get('/products/featured?limit=100')).body.data;
      expect(featured.map(({ id }: Json) => id)).not.toContain(product.id);
      const { body } = await customer.api.get(`/orders/${order.id}`);
      expect(body.items).toMatchObject([{ productId: product.id, name: product.name, unitPrice: 10 }]);
    });

    it('is deleted by editors and admins only, and only in the version they saw', async () => {
      const { id } = await shop.product();
      expect((await shop.api.delete(`/products/${id}`)).status).toBe(401);
      expect((await customer.api.delete(`/products/${id}`)).status).toBe(403);
      const stale = await shop.editor.api.delete(`/products/${id}`, { 'If-Match': '"2"' });
      expect(stale).toMatchObject({ status: 412, body: { code: 'version_mismatch' } });
      expect((await shop.api.get(`/products/${id}`)).status).toBe(200);
      expect((await shop.editor.api.delete(`/products/${id}`, { 'If-Match': '"1"' })).status).toBe(204);
      expect((await shop.editor.api.delete('/products/not-an-id')).body.code).toBe('malformed_id');
    });
  });
});
