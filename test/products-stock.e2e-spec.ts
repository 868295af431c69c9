import { randomUUID } from 'node:crypto';
import type { Answer, Json } from './support/api-client';
import { Shop, unique } from './support/shop';

describe('stock adjustments', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  afterAll(() => shop.close());

  const pathOf = (id: string): string => `/products/${id}/stock-adjustments`;
  const adjust = (id: string, fields: object, headers?: Record<string, string>): Promise<Answer<Json>> =>
    shop.editor.api.post(pathOf(id), { reason: 'Counted', ...fields }, headers);
  const stockOf = async (id: string): Promise<number> => (await shop.api.get(`/products/${id}`)).body.stock;

  it('adds and takes, answers with the new stock, and raises the version', async () => {
    const { id } = await shop.product({ stock: 5 });
    const { status, body, headers } = await adjust(id, { delta: 3, reason: '  Delivery 17 ' });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      delta: 3,
      reason: 'Delivery 17',
      stock: 8,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(headers.get('location')).toBe(`/api${pathOf(id)}`);
    expect((await adjust(id, { delta: -8 })).body).toMatchObject({ delta: -8, stock: 0 });
    expect((await shop.api.get(`/products/${id}`)).body).toMatchObject({
      stock: 0,
      inStock: false,
      version: 3,
    });
  });

  it('lists every change of stock, whatever its cause, newest first', async () => {
    const { id } = await shop.product({ stock: 10 });
    await adjust(id, { delta: 5, reason: 'Delivery' });
    await shop.editor.api.patch(`/products/${id}`, { stock: 12 });
    const order = await shop.order(await shop.customer(), [{ productId: id, quantity: 2 }]);
    await shop.editor.api.post(`/orders/${order.id}/cancel`);
    const { status, body } = await shop.editor.api.get(`${pathOf(id)}?limit=3`);
    expect(status).toBe(200);
    expect(body.meta).toEqual({ page: 1, limit: 3, totalItems: 5, totalPages: 2 });
    expect(body.data).toMatchObject([
      { delta: 2, stock: 12 },
      { delta: -2, stock: 10 },
      { delta: -3, stock: 12 },
    ]);
    expect(Object.keys(body.data[0]).sort()).toEqual(['createdAt', 'delta', 'id', 'reason', 'stock']);
    const rest = await shop.editor.api.get(`${pathOf(id)}?limit=3&page=2`);
    expect(rest.body.data).toMatchObject([
      { delta: 5, reason: 'Delivery', stock: 15 },
      { delta: 10, stock: 10 },
    ]);
    expect(rest.headers.get('link')).toContain('rel="prev"');
  });

  it('has no row for a product that never had stock', async () => {
    const { id } = await shop.product({ stock: 0 });
    expect((await shop.editor.api.get(pathOf(id))).body).toMatchObject({ data: [], meta: { totalItems: 0 } });
  });

  it('refuses to go below zero, and says what there is', async () => {
    const { id } = await shop.product({ stock: 4 });
    const { status, body } = await adjust(id, { delta: -5 });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'insufficient_stock', available: 4 });
    expect(await stockOf(id)).toBe(4);
    expect((await adjust(id, { delta: -4 })).body.stock).toBe(0);
  });

  it.each([
    ['delta', { delta: 0 }],
    ['delta', { delta: 1.5 }],
    ['delta', { delta: '1' }],
    ['delta', { delta: null }],
    ['delta', { delta: 2 ** 31 }],
    ['delta', { delta: 1_000_000_000 }],
    ['delta', {}],
    ['reason', { delta: 1, reason: ' ' }],
    ['reason', { delta: 1, reason: undefined }],
    ['stock', { delta: 1, stock: 3 }],
  ])('refuses a bad %s: %j', async (field, fields) => {
    const { id } = await shop.product({ stock: 1 });
    const { status, body } = await adjust(id, fields);
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'validation_failed', errors: [{ field }] });
    expect(await stockOf(id)).toBe(1);
  });

  it('keeps all of twenty adjustments at once', async () => {
    const { id } = await shop.product({ stock: 0 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => adjust(id, { delta: 1 })));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(201));
    const stocks = answers.map(({ body }) => body.stock).sort((a: number, b: number) => a - b);
    expect(stocks).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(await stockOf(id)).toBe(20);
  });

  it('takes the last units once, however many ask for them at once', async () => {
    const { id } = await shop.product({ stock: 5 });
    const answers = await Promise.all(Array.from({ length: 15 }, () => adjust(id, { delta: -1 })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(10);
    expect(await stockOf(id)).toBe(0);
  });

  it('applies a request once that comes again under its Idempotency-Key', async () => {
    const { id } = await shop.product({ stock: 1 });
    const key = { 'Idempotency-Key': unique() };
    const first = await adjust(id, { delta: 2 }, key);
    const again = await adjust(id, { delta: 2 }, key);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const reused = await adjust(id, { delta: 3 }, key);
    expect(reused).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(await stockOf(id)).toBe(3);
  });

  it('replays a refusal with what there was then', async () => {
    const { id } = await shop.product({ stock: 1 });
    const key = { 'Idempotency-Key': unique() };
    await adjust(id, { delta: -2 }, key);
    await adjust(id, { delta: 5 });
    const again = await adjust(id, { delta: -2 }, key);
    expect(again).toMatchObject({ status: 409, body: { code: 'insufficient_stock', available: 1 } });
    expect(await stockOf(id)).toBe(6);
  });

  it('adjusts only the version that the editor saw', async () => {
    const { id } = await shop.product({ stock: 1 });
    const stale = await adjust(id, { delta: 1 }, { 'If-Match': '"2"' });
    expect(stale).toMatchObject({ status: 412, body: { code: 'version_mismatch' } });
    expect(await stockOf(id)).toBe(1);
    expect((await adjust(id, { delta: 1 }, { 'If-Match': '"1"' })).status).toBe(201);
  });

  it('is for editors and admins, of products that exist', async () => {
    const [{ id }, customer] = [await shop.product(), await shop.customer()];
    const body = { delta: 1, reason: 'Mine' };
    for (const [{ api }, status] of [
      [shop, 401],
      [customer, 403],
    ] as const) {
      expect((await api.get(pathOf(id))).status).toBe(status);
      expect((await api.post(pathOf(id), body)).status).toBe(status);
    }
    expect((await shop.admin.api.post(pathOf(id), body)).status).toBe(201);
    expect((await shop.admin.api.get(pathOf(id))).status).toBe(200);
    expect((await adjust(randomUUID(), body)).status).toBe(404);
    expect((await shop.editor.api.get(pathOf(randomUUID()))).status).toBe(404);
    expect((await adjust('mug', body)).body.code).toBe('malformed_id');
  });
});
