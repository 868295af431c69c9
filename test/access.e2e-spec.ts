import type { Answer, ApiClient, Json } from './support/api-client';
import { callOf, routesOf } from './support/routes';
import { ADDRESS, PASSWORD, type Person, Shop } from './support/shop';

const everyone = ['anonymous', 'guest', 'customer', 'editor', 'admin'];
const signedIn = ['customer', 'editor', 'admin'];
/** Who may have a cart: also who has the token of one. */
const shoppers = ['guest', ...signedIn];
const staff = ['editor', 'admin'];
const admins = ['admin'];

/** Who may call each route. What a caller may then see or do there is for the route's own tests. */
const MAY_CALL: Record<string, string[]> = {
  'GET /health': everyone,
  'GET /health/ready': everyone,
  'GET /metrics': everyone,

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
  'GET /api/products/suggest': everyone,
  'GET /api/products/facets': everyone,
  'GET /api/products/export': staff,
  'POST /api/products/import': staff,
  'GET /api/products/:id': everyone,
  'POST /api/products': staff,
  'PATCH /api/products/:id': staff,
  'PUT /api/products/:id': staff,
  'DELETE /api/products/:id': staff,
  'GET /api/products/:id/stock-adjustments': staff,
  'POST /api/products/:id/stock-adjustments': staff,
  'POST /api/products/:id/images': staff,
  'PATCH /api/products/:id/images/:imageId': staff,
  'DELETE /api/products/:id/images/:imageId': staff,
  'GET /api/images/:id/:size': everyone,

  'POST /api/carts': everyone,
  'GET /api/cart': shoppers,
  'DELETE /api/cart': shoppers,
  'POST /api/cart/items': shoppers,
  'PUT /api/cart/items': shoppers,
  'PUT /api/cart/items/:productId': shoppers,
  'DELETE /api/cart/items/:productId': shoppers,
  'POST /api/cart/coupon': shoppers,
  'DELETE /api/cart/coupon': shoppers,

  'GET /api/coupons': admins,
  'GET /api/coupons/:id': admins,
  'POST /api/coupons': admins,
  'PATCH /api/coupons/:id': admins,
  'PUT /api/coupons/:id': admins,
  'DELETE /api/coupons/:id': admins,
  'GET /api/coupons/:id/redemptions': admins,
  'POST /api/coupons/validate': signedIn,

  'GET /api/events': admins,

  'GET /api/webhooks': admins,
  'GET /api/webhooks/:id': admins,
  'POST /api/webhooks': admins,
  'PATCH /api/webhooks/:id': admins,
  'DELETE /api/webhooks/:id': admins,
  'POST /api/webhooks/:id/rotate-secret': admins,
  'POST /api/webhooks/:id/test': admins,
  'GET /api/webhooks/:id/deliveries': admins,
  'POST /api/webhooks/:id/deliveries/:deliveryId/redeliver': admins,

  'GET /api/audit': admins,

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

/** Routes of things that belong to someone: for another customer they are not there. */
const OWNED: Record<string, { of: 'user' | 'order' | 'address' | 'session'; body?: object }> = {
  'GET /api/users/:id': { of: 'user' },
  'PATCH /api/users/:id': { of: 'user', body: { firstName: 'Eve' } },
  'PUT /api/users/:id': { of: 'user', body: { firstName: 'Eve' } },
  'PATCH /api/users/me/addresses/:id': { of: 'address', body: { city: 'Bend' } },
  'DELETE /api/users/me/addresses/:id': { of: 'address' },
  'DELETE /api/auth/sessions/:id': { of: 'session' },
  'GET /api/orders/:id': { of: 'order' },
  'POST /api/orders/:id/cancel': { of: 'order', body: {} },
  'GET /api/orders/:id/events': { of: 'order' },
};

describe('who may call what', () => {
  let shop: Shop;
  let people: Record<string, Person>;

  beforeAll(async () => {
    shop = await Shop.open();
    // Not the shop's own staff: a route may end all sessions of its caller.
    people = {
      customer: await shop.customer(),
      editor: await staffOf('EDITOR'),
      admin: await staffOf('ADMIN'),
    };
  });

  afterAll(() => shop.close());

  async function staffOf(role: string): Promise<Person> {
    const person = await shop.customer();
    await shop.admin.api.patch(`/users/${person.id}`, { roles: [role] });
    return person;
  }

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

  it('states for every route of one thing whose it is', () => {
    const ofOneThing = Object.keys(MAY_CALL).filter(
      (route) => route.includes('/:id') && MAY_CALL[route] === signedIn,
    );
    expect(Object.keys(OWNED).sort()).toEqual(ofOneThing.sort());
  });

  it.each(Object.keys(OWNED))('%s hides what belongs to another customer', async (route) => {
    const [owner, other] = await shop.customers(2);
    if (!owner || !other) throw new Error('two customers were asked for');
    const { of, body } = OWNED[route] ?? { of: 'user' };
    const { method } = callOf(route);
    const path = `/${route.split(' /api/')[1]?.replace(':id', await idOf(of, owner))}`;
    const answer = await other.api.request<Json>(method, path, body ? { body } : {});
    expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    const own = await owner.api.request<Json>(method, path, body ? { body } : {});
    expect(own.status).toBeLessThan(300);
  });

  it('locks a disabled user out of every route, the public ones too', async () => {
    const disabled = await shop.customer();
    await shop.admin.api.patch(`/users/${disabled.id}`, { isActive: false });
    const outcomes = await Promise.all(
      Object.keys(MAY_CALL).map(async (route) => {
        const { method, path } = callOf(route);
        const body = path.endsWith('/auth/refresh') ? { refreshToken: disabled.refreshToken } : {};
        const takesBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
        const { status, body: problem } = await disabled.api.request<Json>(
          method,
          path,
          takesBody ? { body } : {},
        );
        return `${route} ${status} ${problem.code}`;
      }),
    );
    expect(outcomes).toEqual(Object.keys(MAY_CALL).map((route) => `${route} 401 token_revoked`));
  });

  /** A thing of this kind that the person owns. */
  async function idOf(kind: 'user' | 'order' | 'address' | 'session', owner: Person): Promise<string> {
    switch (kind) {
      case 'user':
        return owner.id;
      case 'order':
        return (await shop.order(owner, [{ productId: (await shop.product()).id, quantity: 1 }])).id;
      case 'address':
        return (await owner.api.post('/users/me/addresses', ADDRESS)).body.id;
      case 'session':
        return (await owner.api.get('/auth/sessions')).body.data[0].id;
    }
  }

  function expectedOutcome(route: string, caller: string): string {
    if (MAY_CALL[route]?.includes(caller)) return 'let in';
    return people[caller] ? '403 forbidden' : '401 unauthenticated';
  }

  /** Every call has a session of its own, which a route may end. */
  async function outcomeFor(route: string, caller: string): Promise<string> {
    const person = people[caller];
    const session = person && (await signIn(person));
    const api = session ? shop.api.as(session.accessToken) : await strangerAs(caller);
    const { method, path } = callOf(route);
    const takesBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
    const body = path.endsWith('/auth/refresh') ? { refreshToken: await freshToken(session) } : {};
    return outcomeOf(await api.request<Json>(method, path, takesBody ? { body } : {}));
  }

  async function strangerAs(caller: string): Promise<ApiClient> {
    return caller === 'guest' ? (await shop.guest()).api : shop.api;
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
