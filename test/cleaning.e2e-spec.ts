import { Cleaning } from '../src/common/jobs/cleaning';
import { expectProblem } from './support/answers';
import { type Person, Shop, unique } from './support/shop';

describe('the hourly cleaning', () => {
  let shop: Shop;
  let ann: Person;

  beforeAll(async () => {
    shop = await Shop.open();
    ann = await shop.customer();
  });

  afterAll(() => shop.close());

  const clean = (): Promise<void> => shop.test.app.get(Cleaning).run();
  const age = (table: string, column: string, by: string, where: string): Promise<unknown> =>
    shop.query(`UPDATE ${table} SET ${column} = now() - interval '${by}' WHERE ${where}`);

  it('removes a guest cart that did not change for thirty days, with what is in it, and no other', async () => {
    const product = await shop.product();
    const [abandoned, used, young] = [await shop.guest(), await shop.guest(), await shop.guest()];
    for (const { api } of [abandoned, used, young, ann])
      await api.post('/cart/items', { productId: product.id, quantity: 1 });
    await age('carts', 'created_at', '31 days', 'true');
    await age('carts', 'updated_at', '30 days 1 minute', 'true');
    await used.api.put(`/cart/items/${product.id}`, { quantity: 2 });
    await age('carts', 'updated_at', '29 days 23 hours', `id = '${(await young.api.get('/cart')).body.id}'`);
    await clean();
    expectProblem(await abandoned.api.get('/cart'), 404, 'not_found');
    for (const [{ api }, units] of [[used, 2] as const, [young, 1] as const, [ann, 1] as const])
      expect((await api.get('/cart')).body.itemCount).toBe(units);
  });

  it('removes kept answers after 24 hours', async () => {
    const body = { name: `Category ${unique()}` };
    const [old, fresh] = [unique(), unique()];
    for (const key of [old, fresh])
      await shop.editor.api.post('/categories', body, { 'Idempotency-Key': key });
    await age('idempotency_records', 'created_at', '24 hours 1 second', `key = '${old}'`);
    await clean();
    const kept = await shop.query<{ key: string }>('SELECT key FROM idempotency_records');
    expect(kept.map(({ key }) => key)).toContain(fresh);
    expect(kept.map(({ key }) => key)).not.toContain(old);
  });

  it('removes sessions and mailed tokens whose time has passed, and leaves revoked ones until then', async () => {
    const [past, present] = [await shop.customer(), await shop.customer()];
    await present.api.post('/auth/logout');
    await shop.query(
      `INSERT INTO mail_tokens (id, user_id, purpose, token_hash, email_hash, expires_at)
       SELECT gen_random_uuid(), id, 'verify_email', 'old', 'old', now() - interval '2 days' FROM users LIMIT 1`,
    );
    await age('sessions', 'expires_at', '25 hours', `user_id = '${past.id}'`);
    await clean();
    const [left] = await shop.query<{ past: boolean; present: boolean; tokens: boolean }>(
      `SELECT EXISTS (SELECT FROM sessions WHERE user_id = $1) AS past,
              EXISTS (SELECT FROM sessions WHERE user_id = $2) AS present,
              EXISTS (SELECT FROM mail_tokens WHERE token_hash = 'old') AS tokens`,
      [past.id, present.id],
    );
    expect(left).toEqual({ past: false, present: true, tokens: false });
    expectProblem(await past.api.get('/auth/me'), 401, 'token_revoked');
    expectProblem(
      await present.api.post('/auth/refresh', { refreshToken: present.refreshToken }),
      401,
      'token_revoked',
    );
  });

  it('removes events that were handed on long ago, and keeps those that wait', async () => {
    const product = await shop.product();
    const order = () => shop.order(ann, [{ productId: product.id, quantity: 1 }]);
    const [done, waiting] = [await order(), await order()];
    await age('events', 'at', '31 days', 'true');
    await age('events', 'dispatched_at', '31 days', `subject_id = '${done.id}'`);
    await clean();
    const left = await shop.query<{ id: string }>('SELECT subject_id AS id FROM events');
    expect(left.map(({ id }) => id)).toContain(waiting.id);
    expect(left.map(({ id }) => id)).not.toContain(done.id);
  });

  it('goes on until nothing is left, a thousand rows at a time', async () => {
    await shop.query(
      `INSERT INTO idempotency_records (owner, key, request_hash, answer, created_at)
       SELECT 'bulk', n::text, '', '{}', now() - interval '2 days' FROM generate_series(1, 2500) n`,
    );
    await clean();
    expect(await shop.query(`SELECT FROM idempotency_records WHERE owner = 'bulk'`)).toEqual([]);
    expect(shop.test.logs).toContainEqual(
      expect.objectContaining({ event: 'cleaned', table: 'idempotency_records', count: expect.any(Number) }),
    );
  });

  /** Ends statements that delete more of these rows than PostgreSQL would get done in time. */
  const limitDeletes = (table: string, most: number): Promise<unknown> =>
    shop.query(`
      CREATE FUNCTION limit_deletes_of_${table}() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF (SELECT count(*) FROM gone) > ${most} THEN
          RAISE 'canceling statement due to statement timeout' USING ERRCODE = '57014';
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER limit_deletes AFTER DELETE ON ${table} REFERENCING OLD TABLE AS gone
        FOR EACH STATEMENT EXECUTE FUNCTION limit_deletes_of_${table}()`);

  it('takes fewer at a time of what takes too long, such as sessions with very many tokens', async () => {
    const { id } = await shop.customer();
    await shop.query(
      `INSERT INTO sessions (id, user_id, expires_at)
       SELECT gen_random_uuid(), $1, now() - interval '2 days' FROM generate_series(1, 700)`,
      [id],
    );
    await limitDeletes('sessions', 200);
    await clean();
    expect(await shop.query('SELECT FROM sessions WHERE user_id = $1 AND expires_at < now()', [id])).toEqual(
      [],
    );
    await shop.query('DROP TRIGGER limit_deletes ON sessions');
  });

  it('of one table keeps no other waiting when it fails, and fails as a whole', async () => {
    await shop.query(
      `INSERT INTO idempotency_records (owner, key, request_hash, answer, created_at)
       VALUES ('first', 'key', '', '{}', now() - interval '2 days')`,
    );
    const { id } = await shop.customer();
    await age('sessions', 'expires_at', '25 hours', `user_id = '${id}'`);
    await limitDeletes('idempotency_records', 0);
    await expect(clean()).rejects.toThrow('statement timeout');
    expect(await shop.query('SELECT FROM sessions WHERE user_id = $1', [id])).toEqual([]);
    await shop.query('DROP TRIGGER limit_deletes ON idempotency_records');
    await clean();
    expect(await shop.query(`SELECT FROM idempotency_records WHERE owner = 'first'`)).toEqual([]);
  });
});
