import http from 'node:http';
import type { Answer, Json } from './support/api-client';
import { expectProblem } from './support/answers';
import { Shop } from './support/shop';

const ORIGIN = 'https://shop.example';

/** Every public read of the catalogue, as a client meets it. `:id` and `:slug` are those of a product or category. */
const READS = [
  '/products',
  '/products?q=lamp&limit=5',
  '/products?cursor=&limit=2',
  '/products/featured',
  '/products/suggest?q=lam',
  '/products/facets?inStock=true',
  '/products/:id',
  '/products/:slug',
  '/categories',
  '/categories?cursor=&limit=1',
  '/categories/tree',
  '/categories/:id',
  '/categories/:slug',
];

describe('the catalogue, as a client reads it', () => {
  let shop: Shop;
  let category: Json;
  let product: Json;

  beforeAll(async () => {
    shop = await Shop.open({ settings: { CORS_ORIGINS: ORIGIN } });
    category = await shop.category({ name: 'Lamps' });
    await shop.category({ name: 'Lights' });
    for (let n = 0; n < 4; n++) await shop.product({ name: `Lamp ${n}`, categoryId: category.id });
    product = await shop.product({ name: 'Featured lamp', categoryId: category.id, featured: true });
  });

  afterAll(() => shop.close());

  function pathOf(read: string): string {
    const { id, slug } = read.startsWith('/products') ? product : category;
    return read.replace(':id', id).replace(':slug', slug);
  }

  const tagOf = ({ headers }: Answer<Json>): string => headers.get('etag') ?? '';
  const cacheOf = ({ headers }: Answer<Json>): string | null => headers.get('x-cache');

  it.each(READS)('sends all that caches go by: %s', async (read) => {
    const answers = [await shop.api.get(pathOf(read)), await shop.api.get(pathOf(read))];
    expect(cacheOf(answers[1] as Answer<Json>)).toBe('HIT');
    for (const { status, headers } of answers) {
      expect(status).toBe(200);
      expect(headers.get('etag')).toMatch(/^"[\w.-]+"$/);
      expect(headers.get('cache-control')).toBe('public, max-age=30, stale-while-revalidate=60');
      expect(headers.get('vary')).toMatch(/\bAuthorization\b/);
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    expect(answers[1]?.headers.get('link')).toBe(answers[0]?.headers.get('link'));
    expect(answers[1]?.headers.get('x-request-id')).not.toBe(answers[0]?.headers.get('x-request-id'));
  });

  it.each(READS)('says 304 to who has it, in whatever form it says so: %s', async (read) => {
    const path = pathOf(read);
    const etag = tagOf(await shop.api.get(path));
    for (const condition of [etag, `W/${etag}`, `"old", ${etag}`, `"old",W/${etag}`, '*']) {
      const { status, body, headers } = await shop.api.get(path, { 'If-None-Match': condition });
      expect([condition, status, body]).toEqual([condition, 304, '']);
      expect(headers.get('etag')).toBe(etag);
      expect(headers.get('cache-control')).toContain('max-age=30');
      expect(headers.get('vary')).toMatch(/\bAuthorization\b/);
      expect(headers.get('content-type')).toBeNull();
    }
    for (const condition of ['"old"', 'W/"old", "older"', etag.replaceAll('"', '')])
      expect((await shop.api.get(path, { 'If-None-Match': condition })).status).toBe(200);
  });

  it.each(READS)('answers HEAD like GET, without the body: %s', async (read) => {
    const path = pathOf(read);
    const get = await shop.api.get(path);
    const head = await shop.api.request<Json>('HEAD', path);
    expect([head.status, head.body]).toEqual([200, '']);
    for (const name of ['etag', 'cache-control', 'vary', 'link', 'content-type', 'content-length'])
      expect([name, head.headers.get(name)]).toEqual([name, get.headers.get(name)]);
    const known = await shop.api.request<Json>('HEAD', path, { headers: { 'If-None-Match': tagOf(get) } });
    expect(known.status).toBe(304);
  });

  it.each(READS)('shows customers what everyone sees, and staff their own, unkept: %s', async (read) => {
    const path = pathOf(read);
    const everyone = await shop.api.get(path);
    const customer = await (await shop.customer()).api.get(path);
    expect([customer.body, tagOf(customer)]).toEqual([everyone.body, tagOf(everyone)]);
    expect(customer.headers.get('cache-control')).toMatch(/^public/);
    for (const { api } of [shop.editor, shop.admin]) {
      const staff = await api.get(path);
      expect([staff.status, cacheOf(staff)]).toEqual([200, null]);
      expect(staff.headers.get('cache-control')).toBe('private, no-store');
      expect(staff.headers.get('vary')).toMatch(/\bAuthorization\b/);
    }
  });

  it.each(READS)('refuses a bad token, kept or not: %s', async (read) => {
    await shop.api.get(pathOf(read));
    const answer = await shop.api.as('no.such.token').get(pathOf(read));
    expectProblem(answer, 401, 'invalid_token');
    expect([cacheOf(answer), answer.headers.get('cache-control')]).toEqual([null, 'private, no-store']);
  });

  it.each(READS)('takes a trailing slash and any Accept header: %s', async (read) => {
    const [path = '', query] = pathOf(read).split('?');
    const answer = await shop.api.get(pathOf(read));
    const slashed = await shop.api.get(query === undefined ? `${path}/` : `${path}/?${query}`);
    expect([cacheOf(slashed), slashed.body]).toEqual(['HIT', answer.body]);
    for (const accept of ['text/html', 'application/json', '*/*', 'image/webp']) {
      const { status, headers } = await shop.api.get(pathOf(read), { Accept: accept });
      expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    }
  });

  it('lets scripts of the shop read its headers on kept answers, too', async () => {
    await shop.api.get('/products');
    const { headers } = await shop.api.get('/products', { Origin: ORIGIN });
    expect(headers.get('x-cache')).toBe('HIT');
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(headers.get('vary')).toMatch(/\bOrigin\b/);
    const exposed = headers.get('access-control-expose-headers')?.split(',') ?? [];
    expect(exposed).toEqual(expect.arrayContaining(['ETag', 'Link', 'X-Request-Id', 'RateLimit-Remaining']));
  });

  it('gives each request its own id, kept answer or not', async () => {
    await shop.api.get('/products');
    const { headers } = await shop.api.get('/products', { 'X-Request-Id': 'my-own-id' });
    expect([headers.get('x-cache'), headers.get('x-request-id')]).toEqual(['HIT', 'my-own-id']);
  });

  it('tells searches apart whatever signs they have', async () => {
    const searches = ['q=lamp', 'q=lamp?x', 'q=lamp?y', 'q=lamp%3Fx&limit=1', 'q=lamp?&limit=2', 'q=lamp%23'];
    const fresh = await shop.api.get('/products?q=lamp?&limit=3');
    expect(fresh.body.data).toHaveLength(3);
    for (const search of searches) {
      const { body } = await shop.api.get(`/products?${search}`);
      expect(body.data).toHaveLength(Math.min(Number(new URLSearchParams(search).get('limit') ?? 5), 5));
    }
  });

  it('keeps in its links all that was asked for', async () => {
    const { headers } = await shop.api.get('/products?q=lamp?&limit=2');
    expect(headers.get('link')).toContain('</api/products?q=lamp%3F&limit=2&page=2>; rel="next"');
  });

  it('is not misled by a fragment, which no client sends', async () => {
    const raw = await rawGet('/api/products?limit=2&q=lamp#zebra');
    const asked = await shop.api.get('/products?limit=2&q=lamp%23zebra');
    expect(JSON.parse(raw.body).data).toHaveLength(2);
    expect(raw.link).not.toContain('zebra');
    expect(cacheOf(asked)).toBe('MISS');
  });

  it('takes a repeated parameter for no list of values', async () => {
    await shop.api.get('/products?q=lamp,chair');
    expectProblem(await shop.api.get('/products?q=lamp&q=chair'), 422, 'validation_failed');
  });

  it.each<[string, string, () => Promise<unknown>]>([
    ['/products/:id', 'its stock', () => adjust()],
    ['/products/:id', 'the name of its category', () => rename()],
    ['/products', 'a stock', () => adjust()],
    ['/products', 'the name of a category', () => rename()],
    ['/products/facets', 'the name of a category', () => rename()],
    ['/categories', 'the name of a category', () => rename()],
    ['/categories/tree', 'the number of products', () => shop.product({ categoryId: category.id })],
    ['/categories/:id', 'its name', () => rename()],
    ['/products/suggest?q=lam', 'a name', () => shop.product({ name: 'Lampion' })],
  ])('of %s never says 304 when %s has changed', async (read, _, change) => {
    const before = await shop.api.get(pathOf(read));
    await change();
    const after = await shop.api.get(pathOf(read), { 'If-None-Match': tagOf(before) });
    expect(after.status).toBe(200);
    expect(tagOf(after)).not.toBe(tagOf(before));
    expect(after.body).not.toEqual(before.body);
  });

  it('says 304 again where something else has changed', async () => {
    const before = await shop.api.get(`/categories/${category.id}`);
    await shop.product();
    const { status } = await shop.api.get(`/categories/${category.id}`, { 'If-None-Match': tagOf(before) });
    expect(status).toBe(304);
  });

  /** A request as no client library would send it. */
  function rawGet(path: string): Promise<{ body: string; link: string }> {
    const { hostname, port } = new URL(shop.api.origin);
    return new Promise((resolve, reject) => {
      const request = http.get({ hostname, port, path }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (part: string) => (body += part));
        response.on('end', () => resolve({ body, link: String(response.headers.link) }));
      });
      request.on('error', reject);
    });
  }

  function adjust(): Promise<unknown> {
    return shop.editor.api.post(`/products/${product.id}/stock-adjustments`, { delta: -1, reason: 'Broken' });
  }

  async function rename(): Promise<void> {
    const { name } = (await shop.api.get(`/categories/${category.id}`)).body;
    expect((await shop.editor.api.patch(`/categories/${category.id}`, { name: `${name}!` })).status).toBe(
      200,
    );
  }
});

describe('limits on the catalogue', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open({ settings: { RATE_LIMIT: 'on', RATE_LIMIT_CATALOGUE: '3' } });
  });

  afterAll(() => shop.close());

  it('count kept answers, too, and say so on each', async () => {
    const answers = [];
    for (let n = 0; n < 4; n++) answers.push(await shop.api.get('/categories'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers.map(({ headers }) => headers.get('x-cache'))).toEqual(['MISS', 'HIT', 'HIT', null]);
    expect(answers.map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual(['2', '1', '0', '0']);
    expect(answers[3]?.headers.get('cache-control')).toBe('private, no-store');
  });
});
