import type { Answer, ApiClient, Json } from './support/api-client';
import { callOf, routesOf } from './support/routes';
import { PASSWORD, type Person, Shop } from './support/shop';

const everyone = ['anonymous', 'customer', 'editor', 'admin'];
const signedIn = ['customer', 'editor', 'admin'];
const staff = ['editor', 'admin'];
const admins = ['admin'];

/** Who may call each route. What a caller may then see or do there is for the route's own tests. */
const MAY_CALL: Record<string, string[]> = {
  'GET /health': everyone,
  'GET /health/ready': everyone,

  'POST /api/auth/register': everyone,
  'POST /api/auth/login': everyone,
  'POST /api/auth/refresh': everyone,
  'POST /api/auth/logout': signedIn,
  'GET /api/auth/me': signedIn,
  'POST /api/auth/logout-all': signedIn,
  'GET /api/auth/sessions': signedIn,
  'DELETE /api/auth/sessions/:id': signedIn,
  'POST /api/auth/change-password': signedIn,
  'POST /api/auth/forgot-password': everyone,
  'POST /api/auth/reset-password': everyone,
  'POST /api/auth/verify-email': everyone,
  'POST /api/auth/resend-verification': signedIn,

  'GET /api/users': admins,
  'POST /api/users': admins,
  'GET /api/users/:id': signedIn,
  'PATCH /api/users/:id': signedIn,
  'PUT /api/users/:id': signedIn,
  'DELETE /api/users/:id': admins,
  'GET /api/users/:id/cart': admins,
  'DELETE /api/users/me': signedIn,
  'GET /api/users/me/export': signedIn,
  'GET /api/users/me/addresses': signedIn,
  'POST /api/users/me/addresses': signedIn,
  'PATCH /api/users/me/addresses/:id': signedIn,
  'DELETE /api/users/me/addresses/:id': signedIn,

  'GET /api/categories': everyone,
  'GET /api/categories/tree': everyone,
  'GET /api/categories/:id': everyone,
  'POST /api/categories': staff,
  'PATCH /api/categories/:id': staff,
  'PUT /api/categories/:id': staff,
  'DELETE /api/categories/:id': staff,

  'GET /api/products': everyone,
  'GET /api/products/featured': everyone,
  'GET /api/products/:id': everyone,
  'POST /api/products': staff,
  'PATCH /api/products/:id': staff,
  'PUT /api/products/:id': staff,
  'DELETE /api/products/:id': staff,
  'GET /api/products/:id/stock-adjustments': staff,
  'POST /api/products/:id/stock-adjustments': staff,

  'GET /api/cart': signedIn,
  'DELETE /api/cart': signedIn,
  'POST /api/cart/items': signedIn,
  'PUT /api/cart/items': signedIn,
  'PUT /api/cart/items/:productId': signedIn,
  'DELETE /api/cart/items/:productId': signedIn,
  'POST /api/cart/coupon': signedIn,
  'DELETE /api/cart/coupon': signedIn,

  'GET /api/coupons': admins,
  'GET /api/coupons/:id': admins,
  'POST /api/coupons': admins,
  'PATCH /api/coupons/:id': admins,
  'PUT /api/coupons/:id': admins,
  'DELETE /api/coupons/:id': admins,
  'GET /api/coupons/:id/redemptions': admins,
  'POST /api/coupons/validate': signedIn,

  'POST /api/orders': signedIn,
  'GET /api/orders': signedIn,
  'GET /api/orders/:id': signedIn,
  'PATCH /api/orders/:id': staff,
  'DELETE /api/orders/:id': admins,
  'PUT /api/orders/:id/status': staff,
  'PUT /api/orders/:id/payment-status': staff,
  'POST /api/orders/:id/cancel': signedIn,
  'GET /api/orders/:id/events': signedIn,
};

describe('who may call what', () => {
  let shop: Shop;
  let people: Record<string, Person>;

  beforeAll(async () => {
    shop = await Shop.open();
    people = { customer: await shop.customer(), editor: shop.editor, admin: shop.admin };
  });

  afterAll(() => shop.close());

  it('is stated for every route, and for no route that is not there', () => {
    expect(Object.keys(MAY_CALL).sort()).toEqual(routesOf(shop.test).sort());
  });

  it.each(Object.keys(MAY_CALL))('%s lets in just those whom it is for', async (route) => {
    const outcomes: Record<string, string> = {};
    for (const caller of everyone) outcomes[caller] = await outcomeFor(route, caller);
    expect(outcomes).toEqual(
      Object.fromEntries(everyone.map((caller) => [caller, expectedOutcome(route, caller)])),
    );
  });

  function expectedOutcome(route: string, caller: string): string {
    if (MAY_CALL[route]?.includes(caller)) return 'let in';
    return caller === 'anonymous' ? '401 unauthenticated' : '403 forbidden';
  }

  /** Every call has a session of its own, which a route may end. */
  async function outcomeFor(route: string, caller: string): Promise<string> {
    const person = people[caller];
    const session = person && (await signIn(person));
    const api: ApiClient = session ? shop.api.as(session.accessToken) : shop.api;
    const { method, path } = callOf(route);
    const takesBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
    const body = path.endsWith('/auth/refresh') ? { refreshToken: await freshToken(session) } : {};
    return outcomeOf(await api.request<Json>(method, path, takesBody ? { body } : {}));
  }

  async function freshToken(session: Json): Promise<string> {
    return (session ?? (await signIn(await shop.customer()))).refreshToken;
  }

  async function signIn({ email }: Person): Promise<Json> {
    return (await shop.api.post('/auth/login', { email, password: PASSWORD })).body;
  }
});

/** `let in` when the route's own rules gave the answer, whatever it is. */
function outcomeOf({ status, body }: Answer<Json>): string {
  const isOwnAnswer = status < 500 && status !== 401 && status !== 403 && body.code !== 'route_not_found';
  return isOwnAnswer ? 'let in' : `${status} ${body.code}`;
}
