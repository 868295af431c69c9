import type { Json } from './support/api-client';
import { eventually } from './support/app';
import { ADDRESS, orderOf, PASSWORD, type Person, Shop, unique } from './support/shop';

describe('the own account', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  afterAll(() => shop.close());

  describe('address book', () => {
    it('makes the first address the default and keeps exactly one', async () => {
      const ann = await shop.customer();
      const first = await ann.api.post('/users/me/addresses', ADDRESS);
      expect(first.status).toBe(201);
      expect(first.body).toEqual({ id: expect.any(String), street2: null, ...ADDRESS, isDefault: true });
      expect(first.headers.get('location')).toBe(`/api/users/me/addresses/${first.body.id}`);
      const second = await ann.api.post('/users/me/addresses', { ...ADDRESS, city: 'Salem' });
      expect(second.body.isDefault).toBe(false);
      await ann.api.patch(`/users/me/addresses/${second.body.id}`, { isDefault: true });
      const { body } = await ann.api.get('/users/me/addresses');
      expect(body.data.map(({ city, isDefault }: Json) => [city, isDefault])).toEqual([
        ['Salem', true],
        ['Portland', false],
      ]);
    });

    it('has one default after ten parallel additions that all want to be it', async () => {
      const ann = await shop.customer();
      const add = (): Promise<{ status: number }> =>
        ann.api.post('/users/me/addresses', { ...ADDRESS, isDefault: true });
      const answers = await Promise.all(Array.from({ length: 10 }, add));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
      const { body } = await ann.api.get('/users/me/addresses');
      expect(body.data.filter(({ isDefault }: Json) => isDefault)).toHaveLength(1);
    });

    it('passes the default on when it is removed', async () => {
      const ann = await shop.customer();
      const { body: first } = await ann.api.post('/users/me/addresses', ADDRESS);
      const { body: second } = await ann.api.post('/users/me/addresses', ADDRESS);
      expect((await ann.api.delete(`/users/me/addresses/${first.id}`)).status).toBe(204);
      const { body } = await ann.api.get('/users/me/addresses');
      expect(body.data).toEqual([expect.objectContaining({ id: second.id, isDefault: true })]);
    });

    it('does not take the default away without another, and changes only what is given', async () => {
      const ann = await shop.customer();
      const { body: address } = await ann.api.post('/users/me/addresses', ADDRESS);
      const path = `/users/me/addresses/${address.id}`;
      expect((await ann.api.patch(path, { isDefault: false })).status).toBe(422);
      expect((await ann.api.patch(path, { city: null })).status).toBe(422);
      const { body } = await ann.api.patch(path, { city: 'Bend', phone: null });
      expect(body).toEqual({ ...address, city: 'Bend', phone: null });
    });

    it('is hidden from others', async () => {
      const [ann, bob] = [await shop.customer(), await shop.customer()];
      const { body: address } = await ann.api.post('/users/me/addresses', ADDRESS);
      expect((await bob.api.patch(`/users/me/addresses/${address.id}`, { city: 'Bend' })).status).toBe(404);
      expect((await bob.api.delete(`/users/me/addresses/${address.id}`)).status).toBe(404);
      expect((await bob.api.get('/users/me/addresses')).body.data).toEqual([]);
    });

    it('holds at most fifty addresses', async () => {
      const ann = await shop.customer();
      for (let added = 0; added < 50; added++)
        expect((await ann.api.post('/users/me/addresses', ADDRESS)).status).toBe(201);
      expect((await ann.api.post('/users/me/addresses', ADDRESS)).status).toBe(422);
    });
  });

  /** Ann, with her name, phone and address in every place that a shop keeps them. */
  async function annEverywhere(): Promise<{ ann: Person; traces: string[] }> {
    const mark = unique();
    const phone = `+1 ${Math.random().toString().slice(2, 12)}`;
    const address = {
      ...ADDRESS,
      fullName: `Ann ${mark}`,
      street: `${mark} Street`,
      street2: `Flat ${mark}`,
      phone,
    };
    const ann = await shop.customer({
      email: `ann-${mark}@example.com`,
      username: `ann-${mark}`,
      firstName: `First ${mark}`,
      lastName: `Last ${mark}`,
      phone,
    });
    await ann.api.post('/users/me/addresses', address);
    const product = await shop.product();
    const items = [{ productId: product.id, quantity: 1 }];
    const body = {
      items,
      shippingAddress: address,
      billingAddress: address,
      paymentMethod: 'paypal',
      note: `For ${mark}`,
    };
    const { body: order } = await ann.api.post('/orders', body, { 'Idempotency-Key': unique() });
    await shop.editor.api.post(
      `/orders/${order.id}/cancel`,
      { reason: `She is ${mark}` },
      { 'Idempotency-Key': unique() },
    );
    await ann.api.post('/cart/items', { productId: product.id, quantity: 1 });
    await shop.api.post('/auth/forgot-password', { email: ann.email });
    return { ann, traces: [mark, phone] };
  }

  /** Every text of every table that holds one of the traces. */
  async function find(traces: string[]): Promise<string[]> {
    const tables = await shop.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await shop.query<{ text: string }>(`SELECT to_jsonb(t)::text AS text FROM "${name}" t`);
      found.push(
        ...rows
          .map(({ text }) => `${name}: ${text}`)
          .filter((text) => traces.some((trace) => text.includes(trace))),
      );
    }
    return found;
  }

  it('is exported whole: profile, addresses, devices, cart and orders', async () => {
    const { ann } = await annEverywhere();
    const { status, body } = await ann.api.get('/users/me/export', { 'X-Request-Id': 'her-export' });
    expect(status).toBe(200);
    expect(body).toEqual({
      exportedAt: expect.stringMatching(/Z$/),
      user: expect.objectContaining({ id: ann.id, email: ann.email }),
      locale: 'en',
      addresses: [expect.objectContaining({ isDefault: true })],
      sessions: [expect.objectContaining({ ip: expect.any(String) })],
      cart: expect.objectContaining({ itemCount: 1 }),
      couponRedemptions: [],
      orders: [expect.objectContaining({ status: 'cancelled', customer: { id: ann.id, email: ann.email } })],
    });
    expect(JSON.stringify(body)).not.toContain('$2b$');
    const { exportedAt: _, ...parts } = body;
    expect((await shop.admin.api.get(`/audit?resourceId=${ann.id}`)).body.data).toEqual([
      {
        id: expect.any(String),
        action: 'user.exported',
        resourceType: 'user',
        resourceId: ann.id,
        userId: ann.id,
        requestId: 'her-export',
        before: null,
        after: { parts: Object.keys(parts) },
        createdAt: expect.any(String),
      },
    ]);
  });

  it('is not exported where the audit log cannot tell of it', async () => {
    const ann = await shop.customer();
    await shop.query('ALTER TABLE audit_entries RENAME TO audit_entries_away');
    expect((await ann.api.get('/users/me/export')).status).toBe(500);
    await shop.query('ALTER TABLE audit_entries_away RENAME TO audit_entries');
    expect((await ann.api.get('/users/me/export')).status).toBe(200);
  });

  it.each<[string, (ann: Person) => Promise<{ status: number }>]>([
    ['its owner', (ann) => ann.api.delete('/users/me', {}, { password: PASSWORD })],
    ['an admin', (ann) => shop.admin.api.delete(`/users/${ann.id}`)],
  ])('closed by %s leaves no trace of the person, and the order its amounts', async (_, close) => {
    const { ann, traces } = await annEverywhere();
    const tables = (await find(traces)).map((row) => row.slice(0, row.indexOf(':')));
    expect(new Set(tables)).toEqual(
      new Set(['users', 'user_addresses', 'orders', 'order_events', 'idempotency_records']),
    );
    expect((await close(ann)).status).toBe(204);
    expect(await find(traces)).toEqual([]);
    expect((await ann.api.get('/auth/me')).body.code).toBe('token_revoked');
    const { body } = await shop.admin.api.get(`/orders?userId=${ann.id}`);
    expect(body.data).toEqual([
      expect.objectContaining({
        total: 10,
        customer: { id: ann.id, email: null },
        shippingAddress: expect.objectContaining({
          fullName: null,
          phone: null,
          street: null,
          street2: null,
          city: 'Portland',
        }),
      }),
    ]);
    expect((await shop.customer({ email: ann.email })).email).toBe(ann.email);
  });

  it.each<[string, (ann: Person, productId: string) => Promise<{ status: number; body: Json }>]>([
    ['an address', (ann) => ann.api.post('/users/me/addresses', ADDRESS)],
    [
      'an order',
      (ann, productId) => ann.api.post('/orders', orderOf({ items: [{ productId, quantity: 1 }] })),
    ],
  ])('keeps %s of nobody from a request that was under way when it was erased', async (_, write) => {
    const [ann, product] = [await shop.customer(), await shop.product()];
    const erasing = shop.test.dataSource.createQueryRunner();
    await erasing.startTransaction();
    await erasing.query('SELECT FROM users WHERE id = $1 FOR UPDATE', [ann.id]);
    await erasing.query(
      'UPDATE users SET email = NULL, email_key = NULL, is_active = false, deleted_at = now() WHERE id = $1',
      [ann.id],
    );
    const writing = write(ann, product.id);
    await eventually(
      async () =>
        (
          await shop.query(
            `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          )
        ).length > 0,
    );
    await erasing.commitTransaction();
    await erasing.release();
    const { status, body } = await writing;
    expect([status, body.code]).toEqual([401, 'token_revoked']);
    for (const table of ['user_addresses', 'orders'])
      expect(await shop.query(`SELECT id FROM ${table} WHERE user_id = $1`, [ann.id])).toEqual([]);
  });

  it('stays open with a wrong password', async () => {
    const ann = await shop.customer();
    const { status, body } = await ann.api.delete('/users/me', {}, { password: 'not my password' });
    expect([status, body.errors[0].field]).toEqual([422, 'password']);
    expect((await ann.api.get('/auth/me')).status).toBe(200);
  });

  it('of the last active admin stays open', async () => {
    const { status, body } = await shop.admin.api.delete('/users/me', {}, { password: PASSWORD });
    expect([status, body.code]).toEqual([409, 'last_admin']);
  });
});
