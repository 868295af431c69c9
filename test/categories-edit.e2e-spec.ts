import { randomUUID } from 'node:crypto';
import type { Json } from './support/api-client';
import { Shop } from './support/shop';

describe('editing categories', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  afterAll(() => shop.close());

  it('merges the given fields with PATCH, and raises the version', async () => {
    const parent = await shop.category();
    const category = await shop.category({ description: 'Old', parentId: parent.id, position: 4 });
    const { status, body, headers } = await shop.editor.api.patch(`/categories/${category.id}`, {
      name: 'New name',
    });
    expect(status).toBe(200);
    expect(body).toEqual({ ...category, name: 'New name', version: 2, updatedAt: expect.any(String) });
    expect(headers.get('etag')).toBe('"2"');
    const cleared = await shop.editor.api.patch(`/categories/${category.id}`, {
      description: null,
      parentId: null,
    });
    expect(cleared.body).toMatchObject({
      name: 'New name',
      description: null,
      parentId: null,
      position: 4,
      version: 3,
    });
    expect((await shop.api.get(`/categories/${category.id}`)).body).toEqual(cleared.body);
  });

  it('replaces with PUT: what is left out goes back to its default, the slug stays', async () => {
    const parent = await shop.category();
    const category = await shop.category({ description: 'Old', parentId: parent.id, position: 4 });
    const { status, body } = await shop.editor.api.put(`/categories/${category.id}`, { name: 'Replaced' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: 'Replaced',
      slug: category.slug,
      description: null,
      parentId: null,
      position: 0,
    });
  });

  it.each(['name', 'slug', 'position'])('refuses null as %s', async (field) => {
    const { id } = await shop.category();
    const { status, body } = await shop.editor.api.patch(`/categories/${id}`, { [field]: null });
    expect(status).toBe(422);
    expect(body.errors).toEqual([expect.objectContaining({ field })]);
  });

  it('needs a name to replace', async () => {
    const { id } = await shop.category();
    const { status, body } = await shop.editor.api.put(`/categories/${id}`, { position: 1 });
    expect(status).toBe(422);
    expect(body.errors).toEqual([expect.objectContaining({ field: 'name', code: 'required' })]);
  });

  it('refuses a taken slug and an unknown parent, and changes nothing', async () => {
    const [category, other] = [await shop.category(), await shop.category()];
    const taken = await shop.editor.api.patch(`/categories/${category.id}`, {
      slug: other.slug,
      position: 9,
    });
    expect(taken).toMatchObject({ status: 409, body: { code: 'slug_taken' } });
    const orphan = await shop.editor.api.patch(`/categories/${category.id}`, {
      parentId: randomUUID(),
      position: 9,
    });
    expect(orphan).toMatchObject({ status: 422, body: { errors: [{ field: 'parentId' }] } });
    expect((await shop.api.get(`/categories/${category.id}`)).body).toEqual(category);
  });

  it('takes ids only, and knows which exist', async () => {
    const { slug } = await shop.category();
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const body = method === 'DELETE' ? undefined : { name: 'A' };
      const bySlug = await shop.editor.api.request<Json>(method, `/categories/${slug}`, { body });
      expect(bySlug).toMatchObject({ status: 400, body: { code: 'malformed_id' } });
      const unknown = await shop.editor.api.request<Json>(method, `/categories/${randomUUID()}`, { body });
      expect(unknown).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
  });

  describe('the tree stays a tree', () => {
    it('refuses to put a category below itself', async () => {
      const top = await shop.category();
      const middle = await shop.category({ parentId: top.id });
      const bottom = await shop.category({ parentId: middle.id });
      for (const parentId of [top.id, middle.id, bottom.id]) {
        const patched = await shop.editor.api.patch(`/categories/${top.id}`, { parentId });
        expect(patched).toMatchObject({ status: 409, body: { code: 'category_cycle' } });
        const put = await shop.editor.api.put(`/categories/${top.id}`, { name: 'Top', parentId });
        expect(put).toMatchObject({ status: 409, body: { code: 'category_cycle' } });
      }
      expect((await shop.api.get(`/categories/${top.id}`)).body.parentId).toBeNull();
    });

    it('lets just one of two moves through that together would close a circle', async () => {
      for (let round = 0; round < 5; round++) {
        const [a, b] = [await shop.category(), await shop.category()];
        const answers = await Promise.all([
          shop.editor.api.patch(`/categories/${a.id}`, { parentId: b.id }),
          shop.admin.api.patch(`/categories/${b.id}`, { parentId: a.id }),
        ]);
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      }
    });

    it('keeps the parent of a child that is made while the parent is deleted, or refuses the child', async () => {
      for (let round = 0; round < 5; round++) {
        const parent = await shop.category();
        const [child, removal] = await Promise.all([
          shop.editor.api.post('/categories', { name: 'Child', parentId: parent.id }),
          shop.admin.api.delete(`/categories/${parent.id}`),
        ]);
        expect([
          [201, 409],
          [422, 204],
        ]).toContainEqual([child.status, removal.status]);
      }
    });
  });

  describe('delete', () => {
    it('removes a category', async () => {
      const { id, slug } = await shop.category();
      const { status, body } = await shop.editor.api.delete(`/categories/${id}`);
      expect(status).toBe(204);
      expect(body).toBe('');
      expect((await shop.api.get(`/categories/${id}`)).status).toBe(404);
      expect((await shop.category({ slug })).slug).toBe(slug);
    });

    it('refuses while it has children or products, drafts among them', async () => {
      const [withChild, withProduct] = [await shop.category(), await shop.category()];
      await shop.category({ parentId: withChild.id });
      await shop.product({ categoryId: withProduct.id, status: 'draft' });
      for (const { id } of [withChild, withProduct]) {
        const answer = await shop.editor.api.delete(`/categories/${id}`);
        expect(answer).toMatchObject({ status: 409, body: { code: 'category_in_use' } });
        expect((await shop.api.get(`/categories/${id}`)).status).toBe(200);
      }
    });

    it('does not count products that are deleted', async () => {
      const { id } = await shop.category();
      const product = await shop.product({ categoryId: id });
      await shop.editor.api.delete(`/products/${product.id}`);
      expect((await shop.editor.api.delete(`/categories/${id}`)).status).toBe(204);
    });
  });

  describe('versions', () => {
    it('writes only what the editor saw', async () => {
      const { id, slug } = await shop.category();
      await shop.editor.api.patch(`/categories/${id}`, { position: 1 });
      for (const stale of ['"1"', '"7"', '1', '"2.x"']) {
        const headers = { 'If-Match': stale };
        const answers = [
          await shop.editor.api.patch(`/categories/${id}`, { position: 2 }, headers),
          await shop.editor.api.put(`/categories/${id}`, { name: 'Late' }, headers),
          await shop.editor.api.delete(`/categories/${id}`, headers),
        ];
        for (const answer of answers) {
          expect(answer).toMatchObject({ status: 412, body: { code: 'version_mismatch' } });
        }
      }
      expect((await shop.api.get(`/categories/${id}`)).body).toMatchObject({ slug, position: 1, version: 2 });
      expect(
        (await shop.editor.api.patch(`/categories/${id}`, { position: 2 }, { 'If-Match': '"2"' })).status,
      ).toBe(200);
      expect(
        (await shop.editor.api.patch(`/categories/${id}`, { position: 3 }, { 'If-Match': '*' })).status,
      ).toBe(200);
      expect((await shop.editor.api.delete(`/categories/${id}`, { 'If-Match': '"4"' })).status).toBe(204);
    });

    it('lets one of two editors through who saw the same version', async () => {
      const { id } = await shop.category();
      const answers = await Promise.all(
        [shop.editor, shop.admin].map(({ api }, position) =>
          api.patch(`/categories/${id}`, { position }, { 'If-Match': '"1"' }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    });
  });

  describe('caching', () => {
    it('answers 304 without a body until the category, the list or the tree changes', async () => {
      const { id, slug } = await shop.category();
      for (const path of [
        `/categories/${id}`,
        `/categories/${slug}`,
        '/categories?limit=100',
        '/categories/tree',
      ]) {
        const etag = (await shop.api.get(path)).headers.get('etag') ?? '';
        const same = await shop.api.get(path, { 'If-None-Match': etag });
        expect(same).toMatchObject({ status: 304, body: '' });
        expect(same.headers.get('etag')).toBe(etag);
        await shop.editor.api.patch(`/categories/${id}`, { description: path });
        expect((await shop.api.get(path, { 'If-None-Match': etag })).status).toBe(200);
      }
    });

    it('lets everyone cache what customers see, and nobody what staff see', async () => {
      const customer = await shop.customer();
      const { id } = await shop.category();
      for (const path of ['/categories', '/categories/tree', `/categories/${id}`]) {
        for (const api of [shop.api, customer.api]) {
          const { headers } = await api.get(path);
          expect(headers.get('cache-control')).toMatch(/^public, max-age=\d+, stale-while-revalidate=\d+$/);
          expect(headers.get('vary')).toMatch(/authorization/i);
        }
        const { headers } = await shop.editor.api.get(path);
        expect(headers.get('cache-control')).toBe('private, no-store');
      }
      expect((await shop.api.get('/categories/none')).headers.get('cache-control')).toBe('private, no-store');
    });
  });
});
