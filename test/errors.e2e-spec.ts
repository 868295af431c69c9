import { gzipSync } from 'node:zlib';
import type { Answer, Json } from './support/api-client';
import { UNKNOWN_ID } from './support/routes';
import { PASSWORD, type Person, Shop, unique } from './support/shop';

type Ask = () => Promise<Answer<Json>>;

describe('an error', () => {
  let shop: Shop;
  let ann: Person;
  let category: Json;

  beforeAll(async () => {
    shop = await Shop.open();
    ann = await shop.customer();
    category = await shop.category();
    await shop.query(`
      CREATE FUNCTION fail_on_demand() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.description IS NOT NULL THEN RAISE 'secret_table' USING ERRCODE = NEW.description; END IF;
        RETURN NEW;
      END $$`);
    await shop.query(
      'CREATE TRIGGER fail_on_demand BEFORE INSERT ON categories FOR EACH ROW EXECUTE FUNCTION fail_on_demand()',
    );
  });

  afterAll(() => shop.close());

  /** A write in which PostgreSQL raises the given SQLSTATE. */
  const failWith = (sqlState: string): Promise<Answer<Json>> =>
    shop.editor.api.post('/categories', { name: `Category ${unique()}`, description: sqlState });

  const asks: Record<string, [number, string, Ask]> = {
    'JSON that cannot be parsed': [400, 'malformed_json', () => shop.api.post('/auth/login', '{"email":')],
    'JSON that is no object': [400, 'malformed_json', () => shop.api.post('/auth/login', '[1]')],
    'a path id that is no UUID': [400, 'malformed_id', () => ann.api.get('/orders/1')],
    'a path that cannot be decoded': [400, 'malformed_request', () => shop.api.get('/products/%zz')],
    'an Idempotency-Key with a space': [
      400,
      'malformed_request',
      () => shop.editor.api.post('/categories', { name: 'x' }, { 'Idempotency-Key': 'a b' }),
    ],
    'nobody signed in': [401, 'unauthenticated', () => shop.api.get('/auth/me')],
    'a wrong password': [
      401,
      'invalid_credentials',
      () => shop.api.post('/auth/login', { email: ann.email, password: 'wrong password' }),
    ],
    'a token that is none': [401, 'invalid_token', () => shop.api.as('nonsense').get('/products')],
    'a role that is too low': [403, 'forbidden', () => ann.api.get('/users')],
    'nothing at that id': [404, 'not_found', () => shop.api.get(`/products/${UNKNOWN_ID}`)],
    'no such route': [404, 'route_not_found', () => shop.api.get('/nothing/here?at=all')],
    'a wrong method': [404, 'route_not_found', () => shop.api.delete('/products')],
    'a wrong method on a health check': [404, 'route_not_found', () => shop.api.post('//health')],
    'an e-mail that is taken': [
      409,
      'email_taken',
      () => shop.api.post('/auth/register', { email: ann.email, password: PASSWORD }),
    ],
    'a version that has passed': [
      412,
      'version_mismatch',
      () => shop.editor.api.patch(`/categories/${category.id}`, { position: 1 }, { 'If-Match': '"99"' }),
    ],
    'a body that is too large': [
      413,
      'body_too_large',
      () => shop.api.post('/auth/login', { email: 'x'.repeat(100_001) }),
    ],
    'a form': [
      415,
      'unsupported_media_type',
      () => shop.api.post('/auth/login', 'email=a', { 'Content-Type': 'application/x-www-form-urlencoded' }),
    ],
    'a compressed body': [
      415,
      'unsupported_media_type',
      () => shop.api.post('/auth/login', gzipSync('{}'), { 'Content-Encoding': 'gzip' }),
    ],
    'a field that is not valid': [422, 'validation_failed', () => shop.api.get('/products?limit=0')],
    'a failure of our own': [500, 'internal_error', () => failWith('XX000')],
    'a lock that somebody else holds': [503, 'service_unavailable', () => failWith('55P03')],
    'a database that restarts': [503, 'service_unavailable', () => failWith('57P01')],
    'a database that takes no writes': [503, 'service_unavailable', () => failWith('25006')],
    'a database that lets us not in': [503, 'service_unavailable', () => failWith('28P01')],
  };

  it.each(Object.entries(asks))('for %s is a problem document', async (_, [status, code, ask]) => {
    const answer = await ask();
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json(; charset=utf-8)?$/);
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    expect(answer.body).toEqual({
      type: expect.stringMatching(/^\S+$/),
      title: expect.stringMatching(/^[A-Z][A-Za-z ]+$/),
      status,
      code,
      detail: expect.stringMatching(/^[A-Z].+\.$/),
      instance: expect.stringMatching(/^\/[^?]+$/),
      requestId: answer.headers.get('x-request-id'),
      ...(code === 'validation_failed' && { errors: expect.any(Array) }),
    });
  });

  it.each(Object.entries(asks))('for %s tells nothing of what is inside', async (_, [, , ask]) => {
    expect(JSON.stringify((await ask()).body)).not.toMatch(
      /secret_table|node_modules|\.ts\b|\.js\b|SELECT|INSERT|typeorm|postgres|express|nest|class-validator|passport|jwt|bcrypt|Unexpected|SyntaxError|position \d/i,
    );
  });

  it('of ours stands in the log with its request id, and what was asked stays out of it', async () => {
    const { headers } = await failWith('XX000');
    const requestId = headers.get('x-request-id');
    const lines = shop.test.logs.filter((line) => line.requestId === requestId);
    expect(lines).toEqual([
      expect.objectContaining({ level: 'error', msg: 'internal_error' }),
      expect.objectContaining({ level: 'info', event: 'request', status: 500, route: '/api/categories' }),
    ]);
  });

  it('names the fields by their JSON paths', async () => {
    const { body } = await ann.api.post('/orders', {
      items: [
        { productId: UNKNOWN_ID, quantity: 1 },
        { productId: 'x', quantity: 1000 },
      ],
      shippingAddress: { street: '', city: 'Here', zipCode: '1', country: 'Nowhere' },
    });
    expect(body.errors.map(({ field }: Json) => field).sort()).toEqual([
      'items[1].productId',
      'items[1].quantity',
      'paymentMethod',
      'shippingAddress.country',
      'shippingAddress.street',
    ]);
    for (const error of body.errors) {
      expect(error).toEqual({
        field: expect.any(String),
        code: expect.stringMatching(/^[a-z0-9]+(_[a-z0-9]+)*$/),
        message: expect.stringMatching(/\.$/),
      });
    }
  });

  it('asks for a Bearer token with every 401, and says when to come back with every 503', async () => {
    for (const [status, , ask] of Object.values(asks)) {
      const { headers } = await ask();
      expect(headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
      expect(headers.get('retry-after')).toEqual(status === 503 ? expect.stringMatching(/^[1-9]\d*$/) : null);
    }
  });

  it('is met by nobody who leaves a slash at the end of a path', async () => {
    expect((await shop.api.get('/categories/')).status).toBe(200);
    expect((await shop.api.get(`/categories/${category.id}/`)).body.id).toBe(category.id);
    expect((await shop.api.post('/auth/login/', { email: ann.email, password: PASSWORD })).status).toBe(200);
    expect((await shop.api.get('//health/')).status).toBe(200);
  });
});
