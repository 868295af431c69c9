import { randomUUID } from 'node:crypto';
import type { Json } from './support/api-client';
import { Shop, unique } from './support/shop';

describe('categories', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  afterAll(() => shop.close());

  const namesOf = ({ body }: { body: Json }): string[] => body.data.map(({ name }: Json) => name);

  describe('list', () => {
    let parent: Json;

    beforeAll(async () => {
      parent = await shop.category();
      await shop.category({ name: 'Cups', position: 2, parentId: parent.id, description: 'With 100% glaze' });
      await shop.category({ name: 'Bowls', position: 1, parentId: parent.id });
      await shop.category({ name: 'Plates', position: 2, parentId: parent.id, slug: 'flat-1' });
    });

    it('shows the children of a category by position, then name', async () => {
      const answer = await shop.api.get(`/categories?parentId=${parent.id}`);
      expect(answer.status).toBe(200);
      expect(namesOf(answer)).toEqual(['Bowls', 'Cups', 'Plates']);
      expect(answer.body.meta).toEqual({ page: 1, limit: 20, totalItems: 3, totalPages: 1 });
    });

    it.each([
      ['name', ['Bowls', 'Cups', 'Plates']],
      ['-name', ['Plates', 'Cups', 'Bowls']],
      ['-position,name', ['Cups', 'Plates', 'Bowls']],
      ['-position,-name', ['Plates', 'Cups', 'Bowls']],
      ['createdAt', ['Cups', 'Bowls', 'Plates']],
      ['-createdAt', ['Plates', 'Bowls', 'Cups']],
    ])('sorts by %s', async (sort, expected) => {
      expect(namesOf(await shop.api.get(`/categories?parentId=${parent.id}&sort=${sort}`))).toEqual(expected);
    });

    it('sorts names as people do: accents, case and signs decide only where the letters are the same', async () => {
      const { id } = await shop.category();
      const names = ['ärger', 'e lan', 'É-lan', 'elan', 'Elan', 'Élan', 'Zebra', '日本'];
      for (const name of [...names].sort()) await shop.category({ name, parentId: id });
      expect(namesOf(await shop.api.get(`/categories?parentId=${id}&sort=name`))).toEqual(names);
      expect(namesOf(await shop.api.get(`/categories?parentId=${id}&sort=-name`))).toEqual(names.reverse());
    });

    it('finds a part of a name, slug or description, whatever its case', async () => {
      const find = (q: string): Promise<{ body: Json }> =>
        shop.api.get(`/categories?parentId=${parent.id}&q=${encodeURIComponent(q)}`);
      expect(namesOf(await find('bOWl'))).toEqual(['Bowls']);
      expect(namesOf(await find('flat-1'))).toEqual(['Plates']);
      expect(namesOf(await find('0% g'))).toEqual(['Cups']);
      expect(namesOf(await find('%'))).toEqual(['Cups']);
      expect(namesOf(await find('_'))).toEqual([]);
      expect(namesOf(await find('  '))).toHaveLength(3);
    });

    it('pages, with links to the other pages that keep the filters', async () => {
      const { body, headers } = await shop.api.get(`/categories?parentId=${parent.id}&limit=2&page=2`);
      expect(body.data.map(({ name }: Json) => name)).toEqual(['Plates']);
      expect(body.meta).toEqual({ page: 2, limit: 2, totalItems: 3, totalPages: 2 });
      const link = headers.get('link') ?? '';
      expect(link).toContain(`</api/categories?parentId=${parent.id}&limit=2&page=1>; rel="prev"`);
      expect(link).not.toContain('rel="next"');
    });

    it('is empty past its end', async () => {
      const { status, body } = await shop.api.get(`/categories?parentId=${parent.id}&page=9`);
      expect(status).toBe(200);
      expect(body.data).toEqual([]);
      expect(body.meta).toMatchObject({ page: 9, totalItems: 3 });
    });

    it.each([
      'sort=slug',
      'sort=',
      'page=0',
      'limit=101',
      'limit=1e1',
      'parentId=7',
      'colour=red',
      `q=${'x'.repeat(201)}`,
    ])('refuses %s', async (query) => {
      const { status, body } = await shop.api.get(`/categories?${query}`);
      expect(status).toBe(422);
      expect(body).toMatchObject({ code: 'validation_failed', errors: [{ field: query.split('=')[0] }] });
    });
  });

  describe('tree', () => {
    it('nests the categories and counts the active products of whole branches', async () => {
      const root = await shop.category({ position: 5 });
      const second = await shop.category({ parentId: root.id, position: 2 });
      const first = await shop.category({ parentId: root.id, position: 1 });
      const leaf = await shop.category({ parentId: first.id });
      await shop.product({ categoryId: leaf.id });
      await shop.product({ categoryId: leaf.id, status: 'draft' });
      await shop.product({ categoryId: first.id });
      await shop.product({ categoryId: second.id, status: 'archived' });
      const gone = await shop.product({ categoryId: second.id });
      await shop.editor.api.delete(`/products/${gone.id}`);

      const { status, body } = await shop.api.get('/categories/tree');
      expect(status).toBe(200);
      expect(body.data.find(({ id }: Json) => id === root.id)).toEqual({
        ...root,
        productCount: 2,
        children: [
          { ...first, productCount: 2, children: [{ ...leaf, productCount: 1, children: [] }] },
          { ...second, productCount: 0, children: [] },
        ],
      });
    });
  });

  it('shows a category by id and by slug', async () => {
    const category = await shop.category({ name: `Tea & Coffee ${unique()}` });
    expect((await shop.api.get(`/categories/${category.id}`)).body).toEqual(category);
    expect((await shop.api.get(`/categories/${category.id.toUpperCase()}`)).body).toEqual(category);
    expect((await shop.api.get(`/categories/${category.slug}`)).body).toEqual(category);
  });

  it.each([randomUUID(), 'no-such-category', '%25'])('says not_found for %s', async (id) => {
    const { status, body } = await shop.api.get(`/categories/${id}`);
    expect(status).toBe(404);
    expect(body.code).toBe('not_found');
  });

  describe('create', () => {
    it('answers 201 with the whole category, its path and its entity tag', async () => {
      const parent = await shop.category();
      const { status, body, headers } = await shop.editor.api.post('/categories', {
        name: '  Crème Brûlée Dishes ',
        description: 'For the oven',
        parentId: parent.id,
        position: 3,
      });
      expect(status).toBe(201);
      expect(body).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
        name: 'Crème Brûlée Dishes',
        slug: 'creme-brulee-dishes',
        description: 'For the oven',
        parentId: parent.id,
        position: 3,
        version: 1,
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        updatedAt: body.createdAt,
      });
      expect(headers.get('location')).toBe(`/api/categories/${body.id}`);
      expect(headers.get('etag')).toBe('"1"');
    });

    it('has defaults for all but the name', async () => {
      const category = await shop.category();
      expect(category).toMatchObject({ description: null, parentId: null, position: 0 });
    });

    it('gives each of ten categories of one name, made at once, a slug of its own', async () => {
      const name = `Same ${unique()}`;
      const made = await Promise.all(Array.from({ length: 10 }, () => shop.category({ name })));
      const base = name.toLowerCase().replace(' ', '-');
      const expected = [base, ...Array.from({ length: 9 }, (_, index) => `${base}-${index + 2}`)];
      expect(made.map(({ slug }) => slug).sort()).toEqual(expected.sort());
    });

    it('makes slugs that can be given back, even from the longest names', async () => {
      const name = 'long '.repeat(40).trim();
      const [first, second] = [await shop.category({ name }), await shop.category({ name })];
      expect(second.slug).not.toBe(first.slug);
      const { status, body } = await shop.editor.api.put(`/categories/${second.id}`, {
        name,
        slug: second.slug,
      });
      expect(status).toBe(200);
      expect(body.slug).toBe(second.slug);
    });

    it('refuses a given slug that is taken', async () => {
      const { slug } = await shop.category();
      const { status, body } = await shop.editor.api.post('/categories', { name: 'Another', slug });
      expect(status).toBe(409);
      expect(body.code).toBe('slug_taken');
    });

    it('puts a suffix on slugs that are routes', async () => {
      const made = await shop.category({ name: 'Tree' });
      expect(made.slug).toMatch(/^tree-\d+$/);
      const given = await shop.category({ slug: 'export' });
      expect(given.slug).toMatch(/^export-\d+$/);
      expect((await shop.api.get(`/categories/${made.slug}`)).body.id).toBe(made.id);
    });

    it('makes a slug from a name that has no Latin letter, and from one that looks like an id', async () => {
      expect((await shop.category({ name: '☕' })).slug).toMatch(/^category(-\d+)?$/);
      const id = randomUUID();
      const category = await shop.category({ name: id });
      expect(category.slug).not.toBe(id);
      expect((await shop.api.get(`/categories/${category.slug}`)).body.id).toBe(category.id);
    });

    it.each([
      ['name', {}],
      ['name', { name: '   ' }],
      ['name', { name: null }],
      ['name', { name: 'x'.repeat(201) }],
      ['slug', { name: 'A', slug: 'Not A Slug' }],
      ['slug', { name: 'A', slug: null }],
      ['parentId', { name: 'A', parentId: randomUUID() }],
      ['parentId', { name: 'A', parentId: 'tree' }],
      ['position', { name: 'A', position: 1.5 }],
      ['position', { name: 'A', position: '1' }],
      ['colour', { name: 'A', colour: 'red' }],
    ])('refuses a bad %s: %j', async (field, fields) => {
      const { status, body } = await shop.editor.api.post('/categories', fields);
      expect(status).toBe(422);
      expect(body).toMatchObject({ code: 'validation_failed', errors: [{ field }] });
    });

    it('replays the first answer under the same Idempotency-Key', async () => {
      const [key, name] = [unique(), `Once ${unique()}`];
      const first = await shop.editor.api.post('/categories', { name }, { 'Idempotency-Key': key });
      const second = await shop.editor.api.post('/categories', { name }, { 'Idempotency-Key': key });
      expect(second.status).toBe(201);
      expect(second.body).toEqual(first.body);
      expect(second.headers.get('idempotent-replayed')).toBe('true');
      expect(second.headers.get('location')).toBe(first.headers.get('location'));
    });
  });

  describe('roles', () => {
    it('lets editors and admins write, and nobody else', async () => {
      const customer = await shop.customer();
      const { id } = await shop.category();
      const writes = [
        ['POST', '/categories', { name: `Mine ${unique()}` }],
        ['PUT', `/categories/${id}`, { name: 'Mine' }],
        ['PATCH', `/categories/${id}`, { name: 'Mine' }],
        ['DELETE', `/categories/${id}`, undefined],
      ] as const;
      for (const [method, path, body] of writes) {
        expect(await shop.api.request(method, path, { body })).toMatchObject({ status: 401 });
        expect(await customer.api.request(method, path, { body })).toMatchObject({ status: 403 });
        expect((await shop.admin.api.request(method, path, { body })).status).toBeLessThan(300);
      }
    });
  });
});
