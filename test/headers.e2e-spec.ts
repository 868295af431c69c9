import type { ApiClient } from './support/api-client';
import { startTestApp, type TestApp } from './support/app';
import { PASSWORD, Shop } from './support/shop';

const SHOP_SITE = 'https://shop.example';

describe('the headers of an answer', () => {
  let shop: Shop;
  let listed: TestApp;

  beforeAll(async () => {
    shop = await Shop.open();
    listed = await startTestApp({
      databaseUrl: shop.test.databaseUrl,
      settings: { CORS_ORIGINS: `${SHOP_SITE}, https://admin.example` },
    });
  });

  afterAll(async () => {
    await listed.close();
    await shop.close();
  });

  it.each(['/products', '/auth/me', '/nothing', '/orders/1', '//health', '//nothing'])(
    'protect the browser that asks for %s',
    async (path) => {
      const { headers } = await shop.api.get(path);
      expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
      expect(headers.get('strict-transport-security')).toMatch(/^max-age=31536000\b/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('server')).toBeNull();
    },
  );

  describe('name the request', () => {
    it.each(['a', 'mobile-1.2:3_x', 'x'.repeat(128)])('as the client does: %s', async (id) => {
      const { headers, body } = await shop.api.get('/nothing', { 'X-Request-Id': id });
      expect(headers.get('x-request-id')).toBe(id);
      expect(body.requestId).toBe(id);
    });

    it.each(['', 'x'.repeat(129), 'two words', 'a,b', '<script>', 'a"b', 'naïve'])(
      'anew when the client does so in a way that is not allowed: %s',
      async (id) => {
        const { headers, body } = await shop.api.get('/nothing', { 'X-Request-Id': id });
        expect(headers.get('x-request-id')).toMatch(/^[A-Za-z0-9-]{16,64}$/);
        expect(headers.get('x-request-id')).not.toBe(id);
        expect(body.requestId).toBe(headers.get('x-request-id'));
      },
    );

    it('on good and bad answers alike, each by a name of its own', async () => {
      const answers = await Promise.all(
        ['/products', '/products', '/auth/me', '/nothing', '//health'].map((path) => shop.api.get(path)),
      );
      const names = answers.map(({ headers }) => headers.get('x-request-id'));
      expect(names).not.toContain(null);
      expect(new Set(names).size).toBe(names.length);
    });

    it('as every line of the log does', async () => {
      const [customer, id] = [await shop.customer(), 'told-in-the-log'];
      await customer.api.get('/users?q=ann%40example.com', { 'X-Request-Id': id });
      const lines = shop.test.logs.filter(({ requestId }) => requestId === id);
      expect(lines.map(({ event }) => event)).toEqual(['access_denied', 'request']);
      expect(lines).toEqual(lines.map(() => expect.objectContaining({ userId: customer.id })));
      expect(JSON.stringify(lines)).not.toMatch(/example\.com|Bearer/);
    });

    it('as the events do that come of it', async () => {
      const [{ email }, id] = [await shop.customer(), 'told-with-events'];
      await shop.api.post('/auth/login', { email, password: 'wrong password' }, { 'X-Request-Id': id });
      await shop.api.post('/auth/login', { email, password: PASSWORD }, { 'X-Request-Id': id });
      const told = shop.test.logs.filter(({ requestId }) => requestId === id).map(({ event }) => event);
      expect(told).toEqual(expect.arrayContaining(['sign_in_failed', 'sign_in']));
    });

    it('without what somebody put into the path', async () => {
      const [customer, id] = [await shop.customer(), 'told-without-the-path'];
      const answer = await customer.api.delete('/users/ann@example.com', { 'X-Request-Id': id });
      expect(answer.status).toBe(403);
      const told = shop.test.logs.filter(({ requestId }) => requestId === id);
      expect(told.map(({ method, route }) => [method, route])).toEqual([
        ['DELETE', '/api/users/:id'],
        ['DELETE', '/api/users/:id'],
      ]);
    });

    it('and an attempt at an admin’s field is an event', async () => {
      const [customer, id] = [await shop.customer(), 'told-of-an-attempt'];
      await customer.api.patch(`/users/${customer.id}`, { roles: ['ADMIN'] }, { 'X-Request-Id': id });
      const events = shop.test.logs.filter(({ requestId }) => requestId === id).map(({ event }) => event);
      expect(events).toEqual(['access_denied', 'request']);
    });
  });

  describe('name what it shows by an ETag', () => {
    it('on reads', async () => {
      const { api, id } = await shop.customer();
      for (const path of ['/products', '/cart', '/orders', '/auth/me', `/users/${id}`]) {
        expect((await api.get(path)).headers.get('etag')).toMatch(/^(W\/)?"[^"]+"$/);
      }
    });

    it('which an error has none of, nor what a write answers that has no version: it could be taken for a tag to match', async () => {
      const { api, id } = await shop.customer();
      const product = await shop.product();
      const [adjustments, adjustment] = [
        `/products/${product.id}/stock-adjustments`,
        { delta: 1, reason: 'Found' },
      ];
      const answers = [
        await api.get('/nothing'),
        await api.get('/orders/1'),
        await shop.editor.api.patch(`/products/${product.id}`, {}, { 'If-Match': '"99"' }),
        await api.patch(`/users/${id}`, { firstName: 'Ann' }),
        await shop.editor.api.post(adjustments, adjustment),
      ];
      expect(answers.map(({ status, headers }) => [status, headers.get('etag')])).toEqual(
        [404, 400, 412, 200, 201].map((status) => [status, null]),
      );
    });
  });

  describe('let a browser of another origin read', () => {
    const ask = (api: ApiClient, origin: string) => api.get('/products', { Origin: origin });
    const preflight = (api: ApiClient, origin: string) =>
      api.request('OPTIONS', '/orders', {
        headers: {
          Origin: origin,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'authorization,idempotency-key,x-cart-token',
        },
      });

    it('nothing, unless the settings list an origin', async () => {
      for (const { headers } of [await ask(shop.api, SHOP_SITE), await preflight(shop.api, SHOP_SITE)]) {
        expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
    });

    it('what the settings list, without credentials', async () => {
      const { status, headers } = await ask(listed.api, SHOP_SITE);
      expect(status).toBe(200);
      expect(headers.get('access-control-allow-origin')).toBe(SHOP_SITE);
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(headers.get('vary')).toMatch(/\bOrigin\b/);
      const exposed = headers.get('access-control-expose-headers')?.toLowerCase().split(/,\s*/);
      expect(exposed).toEqual(
        expect.arrayContaining(
          'ETag,Retry-After,X-Request-Id,Idempotent-Replayed,Link,RateLimit-Limit,RateLimit-Remaining,RateLimit-Reset'
            .toLowerCase()
            .split(','),
        ),
      );
    });

    it('errors too, so that an app can tell why it was refused', async () => {
      const { status, headers } = await listed.api.get('/auth/me', { Origin: SHOP_SITE });
      expect(status).toBe(401);
      expect(headers.get('access-control-allow-origin')).toBe(SHOP_SITE);
    });

    it('after a preflight that names what may be sent', async () => {
      const { status, headers } = await preflight(listed.api, 'https://admin.example');
      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe('https://admin.example');
      expect(headers.get('access-control-allow-methods')).toMatch(/\bPOST\b/);
      expect(headers.get('access-control-allow-headers')).toMatch(/idempotency-key.*x-cart-token/i);
    });

    it.each(['https://evil.example', 'http://shop.example', 'https://shop.example:8443', 'null'])(
      'nothing when it is %s, which is not listed',
      async (origin) => {
        for (const { headers } of [await ask(listed.api, origin), await preflight(listed.api, origin)]) {
          expect(headers.get('access-control-allow-origin')).toBeNull();
        }
      },
    );
  });
});
