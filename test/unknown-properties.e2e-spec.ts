import { expectInvalid } from './support/answers';
import type { Json } from './support/api-client';
import { callOf, routesOf } from './support/routes';
import { PASSWORD, Shop, unique } from './support/shop';

/** Routes that take no JSON: their own tests say what becomes of an unknown field. */
const OTHER_BODIES = ['POST /api/products/:id/images', 'POST /api/products/import'];

/** Names that every JavaScript object has: a careless copy loses or misreads them. */
const INHERITED_NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

describe('what a route does not know', () => {
  let shop: Shop;
  let routes: string[];

  beforeAll(async () => {
    shop = await Shop.open();
    routes = routesOf(shop.test);
  });

  afterAll(() => shop.close());

  /** What the route makes of an admin's request: its status, and the fields that it names. */
  async function refusalOf(route: string, query: string, body?: object): Promise<object> {
    const { method, path } = callOf(route);
    const answer = await shop.admin.api.request<Json>(method, `${path}${query}`, body ? { body } : {});
    const fields = (answer.body.errors ?? []).map(({ field, code }: Json) => `${field} ${code}`);
    return { route, status: answer.status, code: answer.body.code, fields };
  }

  const refused = (route: string): object => ({
    route,
    status: 422,
    code: 'validation_failed',
    fields: expect.arrayContaining(['nonsense unknown_property']),
  });

  it('is refused as a query parameter, by every route', async () => {
    expect(routes.length).toBeGreaterThan(40);
    for (const route of routes) expect(await refusalOf(route, '?nonsense=1')).toEqual(refused(route));
  });

  it('is refused as a property of the body, by every route that changes something', async () => {
    const changing = routes.filter((route) => !route.startsWith('GET') && !OTHER_BODIES.includes(route));
    expect(changing.length).toBeGreaterThan(20);
    for (const route of changing) expect(await refusalOf(route, '', { nonsense: 1 })).toEqual(refused(route));
  });

  it('is JSON where a file is due', async () => {
    for (const route of OTHER_BODIES) {
      expect(await refusalOf(route, '', { nonsense: 1 })).toMatchObject({ status: 415 });
    }
  });

  it('ends no session and empties no cart', async () => {
    const ann = await shop.customer();
    const { id } = await shop.product();
    await ann.api.post('/cart/items', { productId: id, quantity: 2 });
    expectInvalid(await ann.api.post('/auth/logout', { everywhere: true }), 'everywhere');
    expectInvalid(await ann.api.delete('/cart?confirm=no'), 'confirm');
    expect((await ann.api.get('/cart')).body.itemCount).toBe(2);
  });

  it.each(INHERITED_NAMES)('is refused even when it is called %s', async (name) => {
    const email = `person-${unique()}@example.com`;
    const body = `{ "email": "${email}", "password": "${PASSWORD}", "${name}": 1 }`;
    expectInvalid(await shop.api.post('/auth/register', body), name);
    expectInvalid(await shop.api.get(`/products?${name}=1`), name);
    expectInvalid(await shop.api.get(`/categories/tree?${name}=1`), name);
    const nested = `{ "items": [{ "productId": "x", "quantity": 1, "${name}": 1 }] }`;
    expectInvalid(await shop.admin.api.put('/cart/items', nested), `items[0].${name}`);
  });

  it('gives nobody a role through __proto__', async () => {
    const body = `{ "email": "person-${unique()}@example.com", "password": "${PASSWORD}", "__proto__": { "roles": ["ADMIN"] } }`;
    expectInvalid(await shop.api.post('/auth/register', body), '__proto__');
  });

  it('is reported for at most 20 fields', async () => {
    const many = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`k${index}`, 1]));
    const answer = await shop.api.post('/auth/login', many);
    expectInvalid(answer, 'k0');
    expect(answer.body.errors).toHaveLength(20);
    const query = Array.from({ length: 300 }, (_, index) => `k${index}=1`).join('&');
    expect((await shop.api.get(`/categories/tree?${query}`)).body.errors).toHaveLength(20);
    expect((await shop.api.get(`/products?${query}`)).body.errors).toHaveLength(20);
  });

  it('is named by no more than its first characters', async () => {
    const answer = await shop.api.post('/auth/login', { ['k'.repeat(50_000)]: 1 });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body).length).toBeLessThan(5_000);
  });
});
