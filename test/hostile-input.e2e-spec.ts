import net from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { expectInvalid, expectProblem } from './support/answers';
import { HOSTILE_BODIES } from './support/hostile-bodies';
import type { Answer, Json } from './support/api-client';
import { PASSWORD, type Person, Shop, unique } from './support/shop';

const JSON_BYTES = Buffer.from('{"email":"ann@example.com","password":"correct horse 42"}');

/** Ways to send a body that are not JSON as it is due. */
const WRONG_TYPES: Record<string, [string | Uint8Array, Record<string, string>]> = {
  'a form': ['email=a&password=b', { 'Content-Type': 'application/x-www-form-urlencoded' }],
  'a multipart form': ['--x--', { 'Content-Type': 'multipart/form-data; boundary=x' }],
  'plain text': [JSON_BYTES, { 'Content-Type': 'text/plain' }],
  'no type': [JSON_BYTES, { 'Content-Type': '' }],
  'another charset': [JSON_BYTES, { 'Content-Type': 'application/json; charset=iso-8859-1' }],
  gzip: [gzipSync(JSON_BYTES), { 'Content-Encoding': 'gzip' }],
  deflate: [deflateSync(JSON_BYTES), { 'Content-Encoding': 'deflate' }],
  'a bomb': [gzipSync(Buffer.alloc(10_000_000)), { 'Content-Encoding': 'gzip' }],
};

/** Sends this and no more. @returns what is answered until the other side ends the connection */
async function sendAndWait(origin: string, text: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  const socket = net.connect(Number(port), hostname, () => socket.write(text));
  let answer = '';
  for await (const data of socket) answer += String(data);
  return answer;
}

describe('a hostile request', () => {
  let shop: Shop;
  let ann: Person;

  beforeAll(async () => {
    shop = await Shop.open();
    ann = await shop.customer();
  });

  afterAll(() => shop.close());

  const login = (body: unknown, headers?: Record<string, string>): Promise<Answer<Json>> =>
    shop.api.post('/auth/login', body, headers);

  it.each(Object.entries(HOSTILE_BODIES))('with a body %s is refused', async (_, [body, status, code]) => {
    expectProblem(await login(body), status, code);
    expectProblem(await ann.api.put('/cart/items', body), status, code);
    expectProblem(await shop.api.put('/cart/items', body), 401, 'unauthenticated');
    expectProblem(await ann.api.post('/products', body), 403, 'forbidden');
  });

  it.each(Object.entries(WRONG_TYPES))('that sends %s is refused', async (_, [body, headers]) => {
    expectProblem(await login(body, headers), 415, 'unsupported_media_type');
    expectProblem(await ann.api.put('/cart/items', body, headers), 415, 'unsupported_media_type');
    expectProblem(await ann.api.delete('/cart', headers, body), 415, 'unsupported_media_type');
    expectProblem(await shop.api.put('/cart/items', body, headers), 401, 'unauthenticated');
  });

  it('that sends more than 100 kB without saying so beforehand is refused', async () => {
    const chunk = new TextEncoder().encode('x'.repeat(60_000));
    const response = await fetch(`${shop.api.origin}/api/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: ReadableStream.from([chunk, chunk]),
      duplex: 'half',
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'body_too_large' });
  });

  it('is told apart from a large one: 100,000 bytes are read', async () => {
    expectInvalid(await login(`{"email":"${'x'.repeat(100_000 - 12)}"}`), 'email');
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'is told apart from a good one of the type %s',
    async (type) => {
      const body = { email: ann.email, password: PASSWORD };
      expect((await login(body, { 'Content-Type': type })).status).toBe(200);
    },
  );

  it.each(['0x10', '1e1', '%201', '1%20', '+1', '%2B1', '1.0', '1.5', '-1', '0', '', '%D9%A3', 'NaN', '1,0'])(
    'with the number %s in its query is refused',
    async (number) => {
      expectInvalid(await shop.api.get(`/categories?limit=${number}`), 'limit');
      expectInvalid(await shop.api.get(`/categories?page=${number}`), 'page');
    },
  );

  it.each(['0x10', '1e1', '%201', '-1', '', 'NaN', 'Infinity', '1,5', '.5', '100000000'])(
    'with the price %s in its query is refused',
    async (price) => {
      expectInvalid(await shop.api.get(`/products?minPrice=${price}`), 'minPrice');
      expectInvalid(await shop.api.get(`/products?maxPrice=${price}`), 'maxPrice');
    },
  );

  it.each(['1', 'TRUE', 'yes', '', 'null', '%20true'])(
    'with %s for true in its query is refused',
    async (flag) => {
      expectInvalid(await shop.api.get(`/products?featured=${flag}`), 'featured');
      expectInvalid(await shop.admin.api.get(`/users?isActive=${flag}`), 'isActive');
    },
  );

  it.each(['q=a%00b', 'q=%ED%A0%80', 'q=%ff', 'q=a&q=b', 'q=a&q=a'])(
    'with the query %s is refused',
    async (query) => {
      expectInvalid(await shop.api.get(`/products?${query}`), 'q');
      expectInvalid(await shop.admin.api.get(`/users?${query}`), 'q');
    },
  );

  it.each(['q[]=a', 'q[a]=b', 'q.a=b'])('with the structure %s in its query is refused', async (query) => {
    const [name = ''] = query.split('=');
    expectInvalid(await shop.api.get(`/products?${query}`), name);
  });

  it('with a NUL byte or half a character in its path is refused', async () => {
    for (const list of ['products', 'categories']) {
      expectInvalid(await shop.api.get(`/${list}/a%00b`), 'id');
      expectProblem(await shop.api.get(`/${list}/%ED%A0%80`), 400, 'malformed_request');
    }
    expectProblem(await ann.api.get('/orders/%00'), 400, 'malformed_id');
    expectProblem(await ann.api.get('/orders/%ED%A0%80'), 400, 'malformed_request');
  });

  it.each(['1', 'me', '00000000-0000-0000-0000-00000000000g', "'%20OR%201=1--", '..%2F..%2Fetc%2Fpasswd'])(
    'for the id %s is refused',
    async (id) => {
      expectProblem(await shop.admin.api.get(`/users/${id}`), 400, 'malformed_id');
      expectProblem(await ann.api.post(`/orders/${id}/cancel`, {}), 400, 'malformed_id');
      expectProblem(await ann.api.delete(`/cart/items/${id}`), 400, 'malformed_id');
      expectProblem(await shop.editor.api.patch(`/products/${id}`, {}), 400, 'malformed_id');
    },
  );

  it.each(['', ' ', ' \t\n ', '\u00a0\u2003'])('that names something "%s" is refused', async (name) => {
    const email = `person-${unique()}@example.com`;
    const account = { email, password: PASSWORD, firstName: name, lastName: name, username: name };
    const answer = await shop.api.post('/auth/register', account);
    for (const field of ['firstName', 'lastName', 'username']) expectInvalid(answer, field);
    expectInvalid(await shop.editor.api.post('/categories', { name }), 'name');
    expectInvalid(await shop.editor.api.post('/products', { name, price: 1 }), 'name');
  });

  it.each([
    ['headers', 'GET /api/products HTTP/1.1\r\nHost: shop\r\nX-Slow: '],
    [
      'body',
      'POST /api/auth/login HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    ],
  ])('that does not come to the end of its %s is ended', async (_, start) => {
    const server = shop.test.app.getHttpServer();
    const { headersTimeout, requestTimeout } = server;
    expect([headersTimeout, requestTimeout]).toEqual([15_000, 30_000]);
    Object.assign(server, { headersTimeout: 300, requestTimeout: 300 });
    try {
      expect(await sendAndWait(shop.api.origin, start)).toMatch(/^HTTP\/1.1 408 /);
    } finally {
      Object.assign(server, { headersTimeout, requestTimeout });
    }
  });

  it('leaves the shop as it was', async () => {
    expect((await ann.api.get('/cart')).body.items).toEqual([]);
    expect(shop.test.logs.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
