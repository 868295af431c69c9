import { CacheInterceptor } from '../src/common/cache/cache.interceptor';
import type { Answer, ApiClient, Json } from './support/api-client';
import { eventually } from './support/app';
import { Shop } from './support/shop';

/** Each answer has its own, however it is made. */
const OWN_HEADERS = ['x-request-id', 'x-cache', 'date', 'ratelimit-remaining', 'ratelimit-reset'];

describe('a read that was answered before', () => {
  let shop: Shop;
  let longWay: jest.SpyInstance;

  beforeAll(async () => {
    shop = await Shop.open({
      settings: { RATE_LIMIT: 'on', TRUST_PROXY: '1', CORS_ORIGINS: 'https://shop.example' },
    });
    await shop.product();
  });

  beforeEach(() => {
    longWay = jest.spyOn(CacheInterceptor.prototype, 'intercept');
  });

  afterEach(() => longWay.mockRestore());

  afterAll(() => shop.close());

  const from = (address: string, headers: Record<string, string> = {}): ApiClient =>
    shop.api.with({ 'X-Forwarded-For': address, ...headers });
  const headersOf = ({ headers }: Answer<Json>): Record<string, string> =>
    Object.fromEntries([...headers].filter(([name]) => !OWN_HEADERS.includes(name)));

  it.each(['/products?limit=3', '/categories/tree', '/products/facets'])(
    'is answered ahead of the router, with all that its first answer had: %s',
    async (path) => {
      const api = from('192.0.2.1', { Origin: 'https://shop.example' });
      const first = await api.get(path);
      const second = await api.get(path);
      expect(longWay).toHaveBeenCalledTimes(1);
      expect([second.status, second.headers.get('x-cache')]).toEqual([200, 'HIT']);
      expect(second.body).toEqual(first.body);
      expect(headersOf(second)).toEqual(headersOf(first));
      expect([...second.headers.keys()]).toEqual([...first.headers.keys()]);
      const ids = [first, second].map(({ headers }) => headers.get('x-request-id'));
      const lines = (): unknown[] =>
        shop.test.logs.filter(({ requestId }) => ids.includes(String(requestId))).map(({ route }) => route);
      await eventually(() => lines().length === 2);
      expect(lines()).toEqual([`/api${path.split('?')[0]}`, `/api${path.split('?')[0]}`]);
    },
  );

  it('is answered with 304 to whom has it', async () => {
    const api = from('192.0.2.2');
    const etag = (await api.get('/products?limit=4')).headers.get('etag') ?? '';
    const again = await api.get('/products?limit=4', { 'If-None-Match': etag, 'Cache-Control': 'no-cache' });
    expect(longWay).toHaveBeenCalledTimes(1);
    expect([again.status, again.body, again.headers.get('etag')]).toEqual([304, '', etag]);
    expect(again.headers.get('content-type')).toBeNull();
  });

  it('counts against the limit like any other, and is refused past it', async () => {
    const api = from('192.0.2.3');
    const remaining = async (): Promise<number> =>
      Number((await api.get('/products?limit=5')).headers.get('ratelimit-remaining'));
    const left = await remaining();
    expect(await remaining()).toBe(left - 1);
    for (let n = left - 1; n > 0; n--) await remaining();
    const refused = await api.get('/products?limit=5');
    expect([refused.status, refused.body.code]).toEqual([429, 'too_many_requests']);
    expect(refused.headers.get('ratelimit-remaining')).toBe('0');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await api.get('/products?limit=6')).status).toBe(429);
  });

  it('takes the long way with a token, good or bad, and with another method', async () => {
    const api = from('192.0.2.4');
    const path = '/products?limit=7';
    await api.get(path);
    expect((await api.as('nonsense').get(path)).status).toBe(401);
    expect((await shop.editor.api.get(path)).headers.get('cache-control')).toBe('private, no-store');
    expect((await api.post(path, {})).status).toBe(401);
  });

  it('is made again after a change', async () => {
    const { id } = await shop.product({ name: 'Old name' });
    const api = from('192.0.2.5');
    const name = async (): Promise<unknown> => (await api.get(`/products/${id}`)).body.name;
    expect([await name(), await name()]).toEqual(['Old name', 'Old name']);
    await shop.editor.api.patch(`/products/${id}`, { name: 'New name' });
    expect(await name()).toBe('New name');
  });
});

describe('the statements of a connection', () => {
  it('are prepared once, but for lists, which are planned for their values', async () => {
    const shop = await Shop.open({ settings: { DATABASE_POOL_SIZE: '1' } });
    const ann = await shop.customer();
    for (let n = 0; n < 3; n++) await ann.api.get('/cart');
    await ann.api.get('/orders');
    const prepared = await shop.test.dataSource.query<{ statement: string }[]>(
      'SELECT statement FROM pg_prepared_statements',
    );
    const texts = prepared.map(({ statement }) => statement);
    expect(texts.filter((text) => text.includes('FROM carts c'))).toHaveLength(1);
    expect(texts.filter((text) => text.includes('LIMIT'))).toEqual([]);
    await shop.close();
  });
});
