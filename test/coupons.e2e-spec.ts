import { atOnce, expectInvalid, expectProblem, tally } from './support/answers';
import type { Answer, Json } from './support/api-client';
import { Shop, unique } from './support/shop';

const UNKNOWN_ID = '01900000-0000-7000-8000-000000000000';

describe('coupons as admins keep them', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  afterAll(() => shop.close());

  const create = (fields: object, headers?: Record<string, string>): Promise<Answer<Json>> =>
    shop.admin.api.post('/coupons', fields, headers);
  const patch = (id: string, fields: object, headers?: Record<string, string>): Promise<Answer<Json>> =>
    shop.admin.api.patch(`/coupons/${id}`, fields, headers);
  const newCode = () => `NEW-${unique()}`;

  it('are made with just a code and a discount', async () => {
    const { status, headers, body } = await create({ code: ' spring_26-a ', discountPercent: 12.34 });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/api/coupons/${body.id}`);
    expect(body).toEqual({
      id: expect.any(String),
      code: 'SPRING_26-A',
      description: null,
      discountPercent: 12.34,
      discountAmount: null,
      currency: 'USD',
      minPurchase: null,
      maxDiscount: null,
      validFrom: null,
      validUntil: null,
      usageLimit: null,
      usageLimitPerUser: null,
      usageCount: 0,
      isActive: true,
      version: 1,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    const read = await shop.admin.api.get(`/coupons/${body.id}`);
    expect(read.body).toEqual(body);
    expect(read.headers.get('etag')).toMatch(/^"1(\.[^"]+)?"$/);
    expect(read.headers.get('etag')).toBe(headers.get('etag'));
  });

  it('keep all that is given', async () => {
    const given = {
      code: newCode().toUpperCase(),
      description: 'Five off',
      discountAmount: 5.05,
      minPurchase: 20,
      maxDiscount: 0.01,
      validFrom: '2026-01-01T00:00:00.000Z',
      validUntil: '2026-02-01T00:00:00.000Z',
      usageLimit: 3,
      usageLimitPerUser: 1,
      isActive: false,
    };
    expect((await create(given)).body).toMatchObject({ ...given, discountPercent: null });
  });

  it.each([
    ['code', { code: 'AB' }],
    ['code', { code: 'A'.repeat(41) }],
    ['code', { code: 'NO SPACES' }],
    ['code', { code: 'ÄÖÜ' }],
    ['code', { code: null }],
    ['discountPercent', { discountPercent: 0 }],
    ['discountPercent', { discountPercent: -1 }],
    ['discountPercent', { discountPercent: 100.01 }],
    ['discountPercent', { discountPercent: 12.345 }],
    ['discountPercent', { discountPercent: '10' }],
    ['discountPercent', { discountPercent: null }],
    ['discountPercent', { discountAmount: 5 }],
    ['discountAmount', { discountPercent: null, discountAmount: 0 }],
    ['discountAmount', { discountPercent: null, discountAmount: -5 }],
    ['discountAmount', { discountPercent: null, discountAmount: 5.001 }],
    ['minPurchase', { minPurchase: 0.001 }],
    ['minPurchase', { minPurchase: 100_000_000 }],
    ['maxDiscount', { maxDiscount: -0.01 }],
    ['usageLimit', { usageLimit: 0 }],
    ['usageLimit', { usageLimit: 1.5 }],
    ['usageLimitPerUser', { usageLimitPerUser: 0 }],
    ['isActive', { isActive: null }],
    ['isActive', { isActive: 'true' }],
    ['validFrom', { validFrom: 'tomorrow' }],
    ['validFrom', { validFrom: '2026-02-30T00:00:00Z' }],
    ['validUntil', { validFrom: '2026-02-01T00:00:00Z', validUntil: '2026-02-01T00:00:00Z' }],
    ['validUntil', { validFrom: '2026-02-01T00:00:00Z', validUntil: '2026-02-01T00:30:00+01:00' }],
    ['usageCount', { usageCount: 1 }],
    ['currency', { currency: 'EUR' }],
  ])('are refused with a bad %s: %j', async (field, fields) => {
    expectInvalid(await create({ code: newCode(), discountPercent: 10, ...fields }), field);
    const { id, version } = await shop.coupon();
    expectInvalid(await patch(id, fields), field);
    expect((await shop.admin.api.get(`/coupons/${id}`)).body.version).toBe(version);
  });

  it('take codes of 3 to 40 characters and percentages to the hundredth', async () => {
    expect((await create({ code: 'X-1', discountPercent: 0.01 })).body.discountPercent).toBe(0.01);
    expect((await create({ code: 'Y'.repeat(40), discountPercent: 100 })).body.discountPercent).toBe(100);
    expect((await create({ code: newCode(), discountPercent: 4.35 })).body.discountPercent).toBe(4.35);
  });

  it('have one owner of a code, in whatever case, until it is deleted', async () => {
    const code = newCode();
    const { id } = (await create({ code, discountPercent: 10 })).body;
    expectProblem(await create({ code: code.toUpperCase(), discountPercent: 5 }), 409, 'code_taken');
    const other = await shop.coupon();
    expectProblem(await patch(other.id, { code: code.toLowerCase() }), 409, 'code_taken');
    expect((await shop.admin.api.delete(`/coupons/${id}`)).status).toBe(204);
    expect((await patch(other.id, { code: code.toLowerCase() })).body.code).toBe(code.toUpperCase());
  });

  it('give a code to one of many who want it at once', async () => {
    const code = newCode();
    const answers = await atOnce(8, () => create({ code, discountPercent: 10 }));
    expect(tally(answers)).toEqual({ '201': 1, '409 code_taken': 7 });
  });

  it('are made once by a request that comes again under its key', async () => {
    const [fields, key] = [{ code: newCode(), discountPercent: 10 }, { 'Idempotency-Key': unique() }];
    const first = await create(fields, key);
    const again = await create(fields, key);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expectProblem(await create({ ...fields, discountPercent: 11 }, key), 422, 'idempotency_key_reused');
  });

  it('merge the given fields and keep one of the two discounts', async () => {
    const { id, code } = await shop.coupon({ description: 'Old', usageLimit: 5 });
    expect((await patch(id, { description: 'New' })).body).toMatchObject({
      code,
      description: 'New',
      usageLimit: 5,
      discountPercent: 10,
      version: 2,
    });
    expectInvalid(await patch(id, { discountAmount: 3 }), 'discountPercent');
    expectInvalid(await patch(id, { discountPercent: null }), 'discountPercent');
    expect((await patch(id, { discountPercent: null, discountAmount: 3 })).body).toMatchObject({
      discountPercent: null,
      discountAmount: 3,
      version: 3,
    });
    expect((await patch(id, { description: null, usageLimit: null })).body).toMatchObject({
      description: null,
      usageLimit: null,
    });
  });

  it('compare a new end with the beginning that is kept', async () => {
    const { id } = await shop.coupon({ validFrom: '2026-05-01T00:00:00Z' });
    expectInvalid(await patch(id, { validUntil: '2026-04-30T23:59:59Z' }), 'validUntil');
    expect((await patch(id, { validUntil: '2026-05-01T00:00:00.001Z' })).status).toBe(200);
  });

  it('go back to the defaults where a replacement is silent', async () => {
    const { id } = await shop.coupon({ description: 'Old', usageLimit: 5, isActive: false, minPurchase: 9 });
    const code = newCode().toUpperCase();
    const { status, body } = await shop.admin.api.put(`/coupons/${id}`, { code, discountAmount: 2 });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      code,
      description: null,
      discountPercent: null,
      discountAmount: 2,
      minPurchase: null,
      usageLimit: null,
      isActive: true,
    });
    expectInvalid(await shop.admin.api.put(`/coupons/${id}`, { discountAmount: 2 }), 'code');
  });

  it('honour If-Match and If-None-Match', async () => {
    const coupon = await shop.coupon();
    const path = `/coupons/${coupon.id}`;
    const etag = (await shop.admin.api.get(path)).headers.get('etag') ?? '';
    expect((await shop.admin.api.get(path, { 'If-None-Match': etag })).status).toBe(304);
    expect((await patch(coupon.id, { description: 'A' }, { 'If-Match': etag })).status).toBe(200);
    const stale = { 'If-Match': etag };
    expect(
      tally([
        await patch(coupon.id, { description: 'B' }, stale),
        await shop.admin.api.put(path, { code: newCode(), discountPercent: 1 }, stale),
        await shop.admin.api.delete(path, stale),
      ]),
    ).toEqual({ '412 version_mismatch': 3 });
    const read = await shop.admin.api.get(path, { 'If-None-Match': etag });
    expect(read.body).toMatchObject({ code: coupon.code, description: 'A', version: 2 });
    expect((await patch(coupon.id, { description: 'C' }, { 'If-Match': '"2"' })).status).toBe(200);
  });

  it('show a use in their ETag', async () => {
    const { id, code } = await shop.coupon();
    const etag = (await shop.admin.api.get(`/coupons/${id}`)).headers.get('etag') ?? '';
    const product = await shop.product();
    await shop.order(await shop.customer(), [{ productId: product.id, quantity: 1 }], { couponCode: code });
    const read = await shop.admin.api.get(`/coupons/${id}`, { 'If-None-Match': etag });
    expect({ status: read.status, usageCount: read.body.usageCount }).toEqual({ status: 200, usageCount: 1 });
  });

  it('are listed newest first, by words and by whether they are switched on', async () => {
    const word = unique();
    const off = await shop.coupon({ code: `${word}-1`, isActive: false });
    const on = await shop.coupon({ code: `${word}-2` });
    const told = await shop.coupon({ description: `About ${word}!` });
    const list = async (query: string) => {
      const { body } = await shop.admin.api.get(`/coupons?${query}`);
      return body.data.map((coupon: Json) => coupon.id);
    };
    expect(await list(`q=${word}`)).toEqual([told.id, on.id, off.id]);
    expect(await list(`q=${word}&active=true`)).toEqual([told.id, on.id]);
    expect(await list(`q=${word}&active=false`)).toEqual([off.id]);
    expect(await list(`q=${word}%25`)).toEqual([]);
    const page = await shop.admin.api.get(`/coupons?q=${word}&page=2&limit=2`);
    expect(page.body.data.map((coupon: Json) => coupon.id)).toEqual([off.id]);
    expect(page.body.meta).toEqual({ page: 2, limit: 2, totalItems: 3, totalPages: 2 });
    expect(page.headers.get('link')).toContain('rel="prev"');
    expectInvalid(await shop.admin.api.get('/coupons?active=1'), 'active');
    expectInvalid(await shop.admin.api.get('/coupons?colour=red'), 'colour');
  });

  it('are gone from lists and reads once deleted', async () => {
    const { id, code } = await shop.coupon();
    expect((await shop.admin.api.delete(`/coupons/${id}`)).status).toBe(204);
    expect((await shop.admin.api.get(`/coupons?q=${code}`)).body.data).toEqual([]);
    const path = `/coupons/${id}`;
    const answers = [
      await shop.admin.api.get(path),
      await patch(id, {}),
      await shop.admin.api.put(path, { code: newCode(), discountPercent: 1 }),
      await shop.admin.api.delete(path),
      await shop.admin.api.get(`/coupons/${UNKNOWN_ID}`),
      await shop.admin.api.get(`/coupons/${UNKNOWN_ID}/redemptions`),
    ];
    expect(tally(answers)).toEqual({ '404 not_found': 6 });
    expectProblem(await shop.admin.api.get('/coupons/SPRING'), 400, 'malformed_id');
  });

  it('are for admins only', async () => {
    const { id } = await shop.coupon();
    const customer = await shop.customer();
    for (const [method, path] of [
      ['GET', '/coupons'],
      ['POST', '/coupons'],
      ['GET', `/coupons/${id}`],
      ['PATCH', `/coupons/${id}`],
      ['PUT', `/coupons/${id}`],
      ['DELETE', `/coupons/${id}`],
      ['GET', `/coupons/${id}/redemptions`],
    ] as const) {
      expectProblem(await shop.api.request<Json>(method, path), 401, 'unauthenticated');
      expectProblem(await customer.api.request<Json>(method, path), 403, 'forbidden');
      expectProblem(await shop.editor.api.request<Json>(method, path), 403, 'forbidden');
    }
  });
});
