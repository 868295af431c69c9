import { atOnce, expectProblem, tally } from './support/answers';
import type { Answer, Json } from './support/api-client';
import { PASSWORD, Shop, unique } from './support/shop';

describe('an account or a guest cart that is asked for again under its Idempotency-Key', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  afterAll(() => shop.close());

  const newcomer = (): Json => ({ email: `person-${unique()}@example.com`, password: PASSWORD });
  const register = (body: Json, key: string, headers = {}): Promise<Answer<Json>> =>
    shop.api.post('/auth/register', body, { 'Idempotency-Key': key, ...headers });
  const replayed = ({ headers }: Answer<Json>): string | null => headers.get('idempotent-replayed');
  const count = async (table: string): Promise<number> =>
    Number((await shop.query<{ count: string }>(`SELECT count(*) FROM ${table}`))[0]?.count);

  it('is answered with the same session, whose tokens work', async () => {
    const [body, key] = [newcomer(), unique()];
    const first = await register(body, key);
    const again = await register(body, key);
    expect([first.status, replayed(first)]).toEqual([201, null]);
    expect([again.status, replayed(again)]).toEqual([201, 'true']);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('location')).toBe(`/api/users/${first.body.user.id}`);
    expect((await shop.api.as(again.body.accessToken).get('/auth/me')).body.id).toBe(first.body.user.id);
    expect((await shop.api.post('/auth/refresh', { refreshToken: again.body.refreshToken })).status).toBe(
      200,
    );
    const registrations = shop.test.logs.filter(
      ({ event, userId }) => event === 'registered' && userId === first.body.user.id,
    );
    expect(registrations).toHaveLength(1);
  });

  it('is one account for twenty requests at once', async () => {
    const [body, key] = [newcomer(), unique()];
    const answers = await atOnce(20, () => register(body, key));
    const made = answers.filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThanOrEqual(1);
    expect(new Set(made.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    const others = answers.filter(({ status }) => status !== 201);
    for (const answer of others) expectProblem(answer, 409, 'idempotency_in_progress');
    const users = await shop.query('SELECT FROM users WHERE email = $1', [body.email]);
    expect(users).toHaveLength(1);
  });

  it('is refused when the password, or anything else, is another', async () => {
    const [body, key] = [newcomer(), unique()];
    await register(body, key);
    for (const change of [{ password: 'another horse 42' }, { firstName: 'Ann' }]) {
      expectProblem(await register({ ...body, ...change }, key), 422, 'idempotency_key_reused');
    }
    expectProblem(await register(body, unique()), 409, 'email_taken');
  });

  it('keeps a refusal by a rule, too', async () => {
    const [taken, key] = [newcomer(), unique()];
    await register(taken, unique());
    expectProblem(await register(taken, key), 409, 'email_taken');
    const again = await register(taken, key);
    expectProblem(again, 409, 'email_taken');
    expect(replayed(again)).toBe('true');
  });

  it('brings its guest cart once, and the answer again when the token is spent', async () => {
    const guest = await shop.guest();
    const product = await shop.product();
    await guest.api.post('/cart/items', { productId: product.id, quantity: 2 });
    const [body, key] = [newcomer(), unique()];
    const headers = { 'X-Cart-Token': guest.token };
    const first = await register(body, key, headers);
    const again = await register(body, key, headers);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect((await shop.api.as(first.body.accessToken).get('/cart')).body.itemCount).toBe(2);
    expectProblem(await register(newcomer(), unique(), headers), 404, 'not_found');
  });

  it('lies in no table so that somebody could read it, or try passwords on it', async () => {
    const [body, key] = [newcomer(), unique()];
    const { body: session } = await register(body, key);
    const [record] = await shop.query('SELECT * FROM idempotency_records WHERE key = $1', [key]);
    const text = JSON.stringify(record);
    for (const secret of [session.refreshToken, session.accessToken, body.email])
      expect(text).not.toContain(secret);
    expect(record.subject).toBe(session.user.id);
  });

  it('is forgotten with the account', async () => {
    const [body, key] = [newcomer(), unique()];
    const { body: session } = await register(body, key);
    const me = shop.api.as(session.accessToken);
    expect((await me.delete('/users/me', {}, { password: PASSWORD })).status).toBe(204);
    expect(await shop.query('SELECT FROM idempotency_records WHERE key = $1', [key])).toEqual([]);
    expect((await register(body, key)).status).toBe(201);
  });

  it('is made by an admin once', async () => {
    const [body, key] = [{ ...newcomer(), roles: ['EDITOR'] }, unique()];
    const create = (fields: Json): Promise<Answer<Json>> =>
      shop.admin.api.post('/users', fields, { 'Idempotency-Key': key });
    const answers = await atOnce(5, () => create(body));
    const again = await create(body);
    expect([again.status, replayed(again)]).toEqual([201, 'true']);
    for (const { status, body: made } of answers) if (status === 201) expect(made).toEqual(again.body);
    expectProblem(await create({ ...body, roles: ['ADMIN'] }), 422, 'idempotency_key_reused');
    expect(await shop.query('SELECT FROM users WHERE email = $1', [body.email])).toHaveLength(1);
  });

  it('is one guest cart for twenty requests at once', async () => {
    const before = await count('carts');
    const key = unique();
    const answers = await atOnce(20, () => shop.api.post('/carts', undefined, { 'Idempotency-Key': key }));
    expect(Object.keys(tally(answers)).sort().join()).toMatch(/^201(,409 idempotency_in_progress)?$/);
    const again = await shop.api.post('/carts', undefined, { 'Idempotency-Key': key });
    expect([again.status, replayed(again)]).toEqual([201, 'true']);
    expect(await count('carts')).toBe(before + 1);
    expect((await shop.api.with({ 'X-Cart-Token': again.body.token }).get('/cart')).body.id).toBe(
      again.body.id,
    );
    const records = await shop.query('SELECT answer::text FROM idempotency_records WHERE key = $1', [key]);
    expect(JSON.stringify(records)).not.toContain(again.body.token);
  });
});
