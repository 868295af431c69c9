import { atOnce, expectProblem, tally } from './support/answers';
import type { Json } from './support/api-client';
import { UNKNOWN_ID } from './support/routes';
import { ADDRESS, PASSWORD, type Person, Shop, unique } from './support/shop';

describe('the last admin', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  afterAll(() => shop.close());

  const promote = async (): Promise<Person> => {
    const person = await shop.customer();
    await shop.query(`UPDATE users SET roles = '{ADMIN}' WHERE id = $1`, [person.id]);
    return person;
  };
  const countAdmins = async (): Promise<number> =>
    (await shop.query(`SELECT id FROM users WHERE 'ADMIN' = ANY (roles) AND is_active`)).length;
  const onlyAdmin = async (): Promise<Person> => {
    await shop.query(`UPDATE users SET roles = '{CUSTOMER}' WHERE 'ADMIN' = ANY (roles)`);
    return promote();
  };

  it.each([{ roles: ['CUSTOMER'] }, { roles: ['EDITOR'], isActive: true }, { isActive: false }])(
    'stays one: %j is refused',
    async (change) => {
      const { id, api } = await onlyAdmin();
      expectProblem(await api.patch(`/users/${id}`, change), 409, 'last_admin');
      expectProblem(await api.put(`/users/${id}`, change), 409, 'last_admin');
      expect((await api.patch(`/users/${id}`, { roles: ['EDITOR', 'ADMIN'] })).status).toBe(200);
      expect(await countAdmins()).toBe(1);
    },
  );

  it('is counted without those who are disabled', async () => {
    const { id, api } = await onlyAdmin();
    const other = await promote();
    expect((await api.patch(`/users/${other.id}`, { isActive: false })).status).toBe(200);
    expectProblem(await api.patch(`/users/${id}`, { roles: ['CUSTOMER'] }), 409, 'last_admin');
    expect((await api.delete(`/users/${other.id}`)).status).toBe(204);
    expect(await countAdmins()).toBe(1);
  });

  it('may leave the role to another', async () => {
    const { id, api } = await onlyAdmin();
    await promote();
    expect((await api.patch(`/users/${id}`, { roles: ['CUSTOMER'] })).status).toBe(200);
    expect(await countAdmins()).toBe(1);
  });

  it.each(['demote', 'disable', 'delete'])('is left when two %s each other at once', async (how) => {
    for (let round = 0; round < 5; round++) {
      const pair = [await onlyAdmin(), await promote()] as const;
      const answers = await atOnce(2, (index) => {
        const [actor, target] = index === 0 ? pair : [pair[1], pair[0]];
        if (how === 'delete') return actor.api.delete<Json>(`/users/${target.id}`);
        const change = how === 'demote' ? { roles: ['CUSTOMER'] } : { isActive: false };
        return actor.api.patch<Json>(`/users/${target.id}`, change);
      });
      expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
      expect(tally(answers)).not.toHaveProperty('500 internal_error');
      expect(await countAdmins()).toBe(1);
    }
  });

  it('is left when ten admins all step down at once', async () => {
    const admins = [await onlyAdmin(), ...(await atOnce(9, promote))];
    const answers = await atOnce(10, (index) => {
      const admin = admins[index] ?? shop.admin;
      return admin.api.patch<Json>(`/users/${admin.id}`, { roles: ['CUSTOMER'] });
    });
    expect(tally(answers)).toEqual({ '200': 9, '409 last_admin': 1 });
    expect(await countAdmins()).toBe(1);
  });
});

describe('an account that is deleted', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  afterAll(() => shop.close());

  /** Every place in the tables where one of the texts stands, as `table.column: text`. */
  async function traces(texts: string[]): Promise<string[]> {
    const columns = await shop.query<{ table: string; column: string }>(
      `SELECT c.table_name AS "table", c.column_name AS "column"
         FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
          AND (c.data_type IN ('text', 'character varying', 'json', 'jsonb', 'bytea', 'ARRAY'))`,
    );
    expect(columns.length).toBeGreaterThan(30);
    const found: string[] = [];
    for (const { table, column } of columns) {
      for (const text of texts) {
        const rows = await shop.query(
          `SELECT FROM "${table}" WHERE strpos(lower("${column}"::text), lower($1)) > 0`,
          [text],
        );
        if (rows.length > 0) found.push(`${table}.${column}: ${text}`);
      }
    }
    return found;
  }

  /** A person of whom every text can be told from anybody else's. */
  async function somebody(): Promise<{ person: Person; texts: string[] }> {
    const mark = unique();
    const [email, userAgent] = [`Some.Body-${mark}@example.com`, `Phone of ${mark}`];
    const phone = `+49 ${Number.parseInt(mark.slice(0, 6), 16)}`;
    const profile = { username: `sb_${mark}`, firstName: `First${mark}`, lastName: `Last${mark}`, phone };
    const person = await shop.customer({ email, ...profile });
    await shop.api.post('/auth/login', { email, password: PASSWORD }, { 'User-Agent': userAgent });
    return { person, texts: [email, ...Object.values(profile), userAgent] };
  }

  it('leaves no trace of the person, while their orders stay in the books', async () => {
    const { person, texts } = await somebody();
    const mark = unique();
    const shipping = {
      ...ADDRESS,
      fullName: `Ship ${mark}`,
      phone: `+1 ${parseInt(mark, 16)}`,
      street: `1 ${mark} Way`,
      street2: `Flat ${mark}`,
    };
    const billing = { ...shipping, fullName: `Bill ${mark}`, street: `2 ${mark} Way`, street2: null };
    const product = await shop.product({ price: 19.99 });
    const placed = await person.api.post(
      '/orders',
      {
        items: [{ productId: product.id, quantity: 2 }],
        shippingAddress: shipping,
        billingAddress: billing,
        paymentMethod: 'paypal',
      },
      { 'Idempotency-Key': unique() },
    );
    expect(placed.status).toBe(201);
    await person.api.post('/cart/items', { productId: product.id, quantity: 1 });
    const { fullName, phone, street, street2 } = shipping;
    const all = [...texts, fullName, phone, street, street2, billing.fullName, billing.street];
    const before = await traces(all);
    expect(all.filter((text) => !before.some((trace) => trace.endsWith(`: ${text}`)))).toEqual([]);

    expect((await shop.admin.api.delete(`/users/${person.id}`)).status).toBe(204);

    expect(await traces(all)).toEqual([]);
    const { status, body } = await shop.editor.api.get(`/orders/${placed.body.id}`);
    expect(status).toBe(200);
    const erased = { fullName: null, phone: null, street: null, street2: null };
    expect(body).toEqual({
      ...placed.body,
      customer: { id: person.id, email: null },
      shippingAddress: { ...shipping, ...erased },
      billingAddress: { ...billing, ...erased },
      version: expect.any(Number),
      updatedAt: expect.any(String),
    });
    expect((await shop.admin.api.get(`/orders?userId=${person.id}`)).body.meta.totalItems).toBe(1);
  });

  it('is gone from lists and reads, and cannot be signed in to', async () => {
    const { person } = await somebody();
    await shop.admin.api.delete(`/users/${person.id}`);
    expect((await shop.admin.api.get(`/users?q=${person.email}`)).body.data).toEqual([]);
    const { data } = (await shop.admin.api.get('/users?limit=100')).body;
    expect(data.map(({ id }: Json) => id)).not.toContain(person.id);
    expectProblem(await shop.admin.api.get(`/users/${person.id}`), 404, 'not_found');
    expectProblem(await shop.admin.api.delete(`/users/${person.id}`), 404, 'not_found');
    expectProblem(await person.api.get('/auth/me'), 401, 'token_revoked');
    const { email, refreshToken } = person;
    expect((await shop.api.post('/auth/refresh', { refreshToken })).status).toBe(401);
    expectProblem(
      await shop.api.post('/auth/login', { email, password: PASSWORD }),
      401,
      'invalid_credentials',
    );
  });

  it('sets e-mail and username free for a new account, which has nothing of the old one', async () => {
    const { person } = await somebody();
    const { username } = (await person.api.get('/auth/me')).body;
    const product = await shop.product();
    await shop.order(person, [{ productId: product.id, quantity: 1 }]);
    await shop.admin.api.delete(`/users/${person.id}`);
    const reborn = await shop.customer({ email: person.email, username });
    expect(reborn.id).not.toBe(person.id);
    expect((await reborn.api.get('/orders')).body.data).toEqual([]);
    expectProblem(await person.api.get('/orders'), 401, 'token_revoked');
  });

  it('is not one’s own, and not one that is not there', async () => {
    expectProblem(await shop.admin.api.delete(`/users/${shop.admin.id}`), 409, 'self_delete');
    expect((await shop.admin.api.get('/auth/me')).status).toBe(200);
    expectProblem(await shop.admin.api.delete(`/users/${UNKNOWN_ID}`), 404, 'not_found');
  });

  it('gets no session more from a sign-in that was under way', async () => {
    for (let round = 0; round < 5; round++) {
      const { person } = await somebody();
      const { id, email } = person;
      const [signIn] = await Promise.all([
        shop.api.post<Json>('/auth/login', { email, password: PASSWORD }),
        shop.admin.api.delete<Json>(`/users/${id}`),
      ]);
      expect([200, 401]).toContain(signIn.status);
      expect(await shop.query('SELECT id FROM sessions WHERE user_id = $1', [id])).toEqual([]);
    }
  });
});
