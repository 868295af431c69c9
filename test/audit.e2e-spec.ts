import { fileOf, importFile } from './support/catalogue-files';
import { expectInvalid, expectProblem } from './support/answers';
import type { Json } from './support/api-client';
import { staffWritesOf } from './support/routes';
import { PASSWORD, type Person, Shop, unique } from './support/shop';
import { anOrder, NO_CHANGES, SHARED_CHANGES, STAFF_CHANGES } from './support/staff-changes';

describe('the audit log', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open({ settings: { WEBHOOKS_ALLOW_LOOPBACK: 'true' } });
  });

  afterAll(() => shop.close());

  const read = async (query: string): Promise<Json[]> => {
    const { status, body } = await shop.admin.api.get(`/audit?limit=100&${query}`);
    expect(status).toBe(200);
    return body.data;
  };
  const actionsOf = (entries: Json[]): string[] => entries.map(({ action }: Json) => action);

  it('has a change to try for every route on which only staff change something', () => {
    expect([...Object.keys(STAFF_CHANGES), ...NO_CHANGES].sort()).toEqual(staffWritesOf(shop.test).sort());
  });

  it.each(Object.entries({ ...STAFF_CHANGES, ...SHARED_CHANGES }))(
    'has an entry of who changed what by %s, written once',
    async (route, [action, call]) => {
      const headers = { 'X-Request-Id': `audited-${unique()}` };
      const answer = await call(shop, headers);
      expect(answer.status).toBeLessThan(300);
      const entries = await shop.query(
        'SELECT action, user_id, before, after FROM audit_entries WHERE request_id = $1',
        [headers['X-Request-Id']],
      );
      const by = /coupons|webhooks/.test(route) || route.includes('users') || /DELETE.*orders/.test(route);
      expect(entries).toEqual([
        {
          action,
          user_id: by ? shop.admin.id : shop.editor.id,
          before: action.endsWith('.created') ? null : expect.any(Object),
          after: action.endsWith('.deleted') ? null : expect.any(Object),
        },
      ]);
    },
  );

  it('tells an admin what differs, the latest first', async () => {
    const { id } = await shop.product({ name: 'Mug', price: 10, stock: 5 });
    await shop.editor.api.patch(`/products/${id}`, { price: 12.5, description: 'Blue' });
    await shop.editor.api.post(`/products/${id}/stock-adjustments`, { delta: -2, reason: 'Broken' });
    const [adjusted, updated, created] = await read(`resourceId=${id}`);
    expect(adjusted).toMatchObject({
      action: 'product.stock_adjusted',
      before: { stock: 5 },
      after: { stock: 3, reason: 'Broken' },
    });
    expect(updated).toEqual({
      id: expect.any(String),
      action: 'product.updated',
      resourceType: 'product',
      resourceId: id,
      userId: shop.editor.id,
      requestId: expect.any(String),
      before: { price: 10, description: null, version: 1 },
      after: { price: 12.5, description: 'Blue', version: 2 },
      createdAt: expect.stringMatching(/Z$/),
    });
    expect(created).toMatchObject({ before: null, after: { name: 'Mug', price: 10, stock: 5 } });
  });

  it('is filtered by who, what, which and when', async () => {
    const admin = await shop.customer();
    await shop.admin.api.patch(`/users/${admin.id}`, { roles: ['ADMIN'] });
    const { id } = (await admin.api.post('/coupons', { code: unique(), discountPercent: 5 })).body;
    const from = new Date().toISOString();
    await admin.api.patch(`/coupons/${id}`, { isActive: false });
    await admin.api.post('/categories', { name: unique() });
    const by = `userId=${admin.id}`;
    expect(actionsOf(await read(by))).toEqual(['category.created', 'coupon.updated', 'coupon.created']);
    expect(actionsOf(await read(`${by}&resourceType=coupon`))).toEqual(['coupon.updated', 'coupon.created']);
    expect(actionsOf(await read(`${by}&action=coupon.created`))).toEqual(['coupon.created']);
    expect(actionsOf(await read(`resourceId=${id}`))).toEqual(['coupon.updated', 'coupon.created']);
    expect(actionsOf(await read(`${by}&createdFrom=${from}`))).toEqual([
      'category.created',
      'coupon.updated',
    ]);
    expect(actionsOf(await read(`${by}&createdTo=${from}`))).toEqual(['coupon.created']);
    for (const bad of [
      'action=coupon.stolen',
      'resourceType=cart',
      'resourceId=1',
      'userId=1',
      'createdTo=now',
    ])
      expectInvalid(await shop.admin.api.get(`/audit?${bad}`), bad.slice(0, bad.indexOf('=')));
  });

  it('is for admins only', async () => {
    expectProblem(await shop.editor.api.get('/audit'), 403, 'forbidden');
  });

  it('has an entry for each product and category that an import makes or changes, and no other', async () => {
    const [kept, changed] = [
      await shop.product({ sku: unique() }),
      await shop.product({ sku: unique(), stock: 1 }),
    ];
    const rows = [
      `${kept.sku},${kept.name},,10,,100,,,,,`,
      `${changed.sku},${changed.name},,11,,4,,,,,"{""b"":1,""a"":2}"`,
      `${unique()},New,,3,,0,Part ${unique()},,,,`,
    ];
    const headers = { 'X-Request-Id': unique() };
    const { body } = await importFile(shop.editor, fileOf(...rows), { headers });
    expect(body).toMatchObject({ created: 1, updated: 1, unchanged: 1, failed: 0 });
    const entries = await read(`userId=${shop.editor.id}`);
    const imported = entries.filter(({ requestId }) => requestId === headers['X-Request-Id']);
    expect(actionsOf(imported).sort()).toEqual(['category.created', 'product.created', 'product.updated']);
    expect(imported.find(({ action }) => action === 'product.updated')).toMatchObject({
      resourceId: changed.id,
      before: { price: 10, stock: 1, attributes: {} },
      after: { price: 11, stock: 4, attributes: { a: 2, b: 1 } },
    });
    const tried = await importFile(shop.editor, fileOf(`${unique()},New,,3,,,,,,,`), {
      query: '?dryRun=true',
      headers: { 'X-Request-Id': 'tried' },
    });
    expect(tried.body.created).toBe(1);
    expect(await shop.query(`SELECT FROM audit_entries WHERE request_id = 'tried'`)).toEqual([]);
  });

  it('has no entry for a change that was refused, or came again under its key', async () => {
    const { id } = await shop.product({ stock: 1 });
    const path = `/products/${id}/stock-adjustments`;
    const key = { 'Idempotency-Key': unique() };
    await shop.editor.api.post(path, { delta: -5, reason: 'Lost' });
    await shop.editor.api.patch(`/products/${id}`, { price: 3 }, { 'If-Match': '"7"' });
    await shop.editor.api.post(path, { delta: 1, reason: 'Found' }, key);
    await shop.editor.api.post(path, { delta: 1, reason: 'Found' }, key);
    expect(actionsOf(await read(`resourceId=${id}`))).toEqual(['product.stock_adjusted', 'product.created']);
  });

  it('has no entry for what customers do with what is theirs, or staff do as customers', async () => {
    const { id } = await shop.product();
    for (const person of [await shop.customer(), await staff('EDITOR')]) {
      const placed = await shop.order(person, [{ productId: id, quantity: 1 }]);
      await person.api.patch(`/users/${person.id}`, { firstName: 'Ann' });
      await person.api.delete('/users/me', {}, { password: PASSWORD });
      expect(await read(`resourceId=${placed.id}`)).toEqual([]);
      expect(await read(`userId=${person.id}`)).toEqual([]);
    }
  });

  it('never keeps a person’s data, nor a secret', async () => {
    const email = `grace-${unique()}@example.com`;
    const names = {
      username: `grace-${unique()}`,
      firstName: 'Gracetta',
      lastName: 'Hopperine',
      phone: '+49 555 77',
    };
    const { id } = (await shop.admin.api.post('/users', { email, password: PASSWORD, ...names })).body;
    await shop.admin.api.patch(`/users/${id}`, { firstName: 'Gracia', phone: null, roles: ['EDITOR'] });
    const placed = await anOrder(shop);
    await shop.editor.api.patch(`/orders/${placed.id}`, { note: 'Gracetta is at home after five' });
    await shop.editor.api.post(`/orders/${placed.id}/cancel`, { reason: 'Gracetta rang' });
    await shop.admin.api.delete(`/users/${id}`);
    const [deleted, updated] = await read(`resourceId=${id}`);
    expect(deleted).toMatchObject({
      before: { email: '[hidden]', phone: null, roles: ['EDITOR'] },
      after: null,
    });
    expect(updated).toMatchObject({
      before: { firstName: '[hidden]', phone: '[hidden]', roles: ['CUSTOMER'] },
      after: { firstName: '[hidden]', phone: null, roles: ['EDITOR'] },
    });
    const [all] = await shop.query<{ text: string }>('SELECT json_agg(a)::text AS text FROM audit_entries a');
    expect(all?.text).not.toMatch(/grac|hopper|555 77|a-token|whsec|correct horse|\$2b\$/i);
  });

  it('keeps the log of two admins who change each other at once', async () => {
    const [one, other] = [await staff('ADMIN'), await staff('ADMIN')];
    const answers = await Promise.all(
      [one, other, one, other].map((person, turn) =>
        person.api.patch(`/users/${person === one ? other.id : one.id}`, { firstName: `Name ${turn}` }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    for (const { id } of [one, other]) expect(await read(`userId=${id}`)).toHaveLength(2);
  });

  async function staff(role: string): Promise<Person> {
    const person = await shop.customer();
    await shop.admin.api.patch(`/users/${person.id}`, { roles: [role] });
    return person;
  }
});
