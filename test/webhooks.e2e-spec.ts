import { Cleaning } from '../src/common/jobs/cleaning';
import { atOnce, expectInvalid, expectProblem, tally } from './support/answers';
import type { Answer, Json } from './support/api-client';
import { Shop, unique } from './support/shop';
import { UNKNOWN_ID } from './support/routes';

const URL = 'https://8.8.8.8/hooks';
const EVENTS = ['order.placed', 'stock.low'];

describe('webhooks', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  afterEach(() =>
    shop.query('UPDATE webhooks SET deleted_at = now(), secret = NULL WHERE deleted_at IS NULL'),
  );

  afterAll(() => shop.close());

  const create = (fields: object = {}, headers = {}): Promise<Answer<Json>> =>
    shop.admin.api.post('/webhooks', { url: URL, events: EVENTS, ...fields }, headers);
  const get = (path: string): Promise<Answer<Json>> => shop.admin.api.get(`/webhooks${path}`);
  const linesOf = (id: string): unknown[] =>
    shop.test.logs.filter((line) => line.webhookId === id).map(({ event, by }) => [event, by]);

  it('are made, shown, changed and deleted by admins, and each step is in the log', async () => {
    const { status, body, headers } = await create({ description: 'The ERP' });
    expect(status).toBe(201);
    const { secret, ...webhook } = body;
    expect(webhook).toEqual({
      id: expect.any(String),
      url: URL,
      events: EVENTS,
      description: 'The ERP',
      isActive: true,
      isPaused: false,
      pausedAt: null,
      pauseReason: null,
      failingSince: null,
      replayAfter: null,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    expect(headers.get('location')).toBe(`/api/webhooks/${webhook.id}`);
    expect((await get(`/${webhook.id}`)).body).toEqual(webhook);
    expect((await get('')).body).toEqual({
      data: [webhook],
      meta: { page: 1, limit: 20, totalItems: 1, totalPages: 1 },
    });
    const changed = await shop.admin.api.patch(`/webhooks/${webhook.id}`, {
      events: ['stock.low'],
      isActive: false,
    });
    const { updatedAt, replayAfter } = changed.body;
    expect(changed.body).toEqual({
      ...webhook,
      events: ['stock.low'],
      isActive: false,
      updatedAt,
      replayAfter,
    });
    expect(replayAfter).toEqual(expect.any(Number));
    expect((await shop.admin.api.delete(`/webhooks/${webhook.id}`)).status).toBe(204);
    expectProblem(await get(`/${webhook.id}`), 404, 'not_found');
    expectProblem(await get(`/${webhook.id}/deliveries`), 404, 'not_found');
    const steps = ['webhook_created', 'webhook_changed', 'webhook_deleted'];
    expect(linesOf(webhook.id)).toEqual(steps.map((event) => [event, shop.admin.id]));
    expect(JSON.stringify(shop.test.logs)).not.toContain(secret);
  });

  it('show their secret once, and keep it sealed', async () => {
    const { body } = await create();
    expect(body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const rotated = await shop.admin.api.post(`/webhooks/${body.id}/rotate-secret`);
    expect(rotated.status).toBe(200);
    expect(rotated.body.secret).toMatch(/^whsec_/);
    expect(rotated.body.secret).not.toBe(body.secret);
    const hours = (Date.parse(rotated.body.previousSecretUntil) - Date.now()) / 3_600_000;
    expect(Math.round(hours)).toBe(24);
    const answers = JSON.stringify([(await get('')).body, (await get(`/${body.id}`)).body]);
    const [tables] = await shop.query<{ text: string }>(
      `SELECT (SELECT json_agg(w) FROM webhooks w)::text || (SELECT json_agg(r) FROM idempotency_records r)::text AS text`,
    );
    for (const secret of [body.secret, rotated.body.secret])
      expect(`${answers}${tables?.text}`).not.toContain(secret.slice('whsec_'.length));
  });

  it('are made once under a key, with the secret for who asks again', async () => {
    const headers = { 'Idempotency-Key': unique() };
    const [first, again] = [await create({}, headers), await create({}, headers)];
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const rotate = () => shop.admin.api.post(`/webhooks/${first.body.id}/rotate-secret`, undefined, headers);
    expectProblem(await rotate(), 422, 'idempotency_key_reused');
    headers['Idempotency-Key'] = unique();
    expect((await rotate()).body).toEqual((await rotate()).body);
    expect((await get('')).body.meta.totalItems).toBe(1);
    expect(linesOf(first.body.id)).toHaveLength(2);
  });

  it('are at most twenty, however many are made at the same time', async () => {
    const answers = await atOnce(25, () => create());
    expect(tally(answers)).toEqual({ '201': 20, '409 too_many_webhooks': 5 });
    await shop.admin.api.delete(`/webhooks/${(await get('')).body.data[0].id}`);
    expect((await create()).status).toBe(201);
  });

  it.each([
    ['url', { url: 'ftp://8.8.8.8/' }],
    ['url', { url: 'https://' }],
    ['url', { url: 'hooks' }],
    ['url', { url: 42 }],
    ['url', { url: `https://8.8.8.8/${'x'.repeat(2_000)}` }],
    ['url', { url: 'http://8.8.8.8/' }],
    ['url', { url: 'https://ann:secret@8.8.8.8/' }],
    ['url', { url: 'http://127.0.0.1/' }],
    ['url', { url: 'https://localhost/' }],
    ['url', { url: 'https://169.254.169.254/latest/meta-data' }],
    ['url', { url: 'https://[::ffff:10.0.0.1]/' }],
    ['events', { events: [] }],
    ['events', { events: ['order.placed', 'order.placed'] }],
    ['events', { events: ['order.lost'] }],
    ['events', { events: 'order.placed' }],
    ['description', { description: 'x'.repeat(501) }],
    ['isActive', { isActive: null }],
    ['isPaused', { isPaused: false }],
    ['secret', { secret: 'whsec_mine' }],
  ])('are refused with a bad %s: %j', async (field, fields) => {
    expectInvalid(await create(fields), field);
    if (field === 'isPaused') return;
    const { body } = await create();
    expectInvalid(await shop.admin.api.patch(`/webhooks/${body.id}`, fields), field);
  });

  it('are not paused by hand: that is what switching off is for', async () => {
    const { body } = await create();
    expectInvalid(await shop.admin.api.patch(`/webhooks/${body.id}`, { isPaused: true }), 'isPaused');
  });

  it('are asked for a test or a delivery only while they are on', async () => {
    const { body } = await create({ isActive: false });
    const redeliver = (id: string) => shop.admin.api.post(`/webhooks/${body.id}/deliveries/${id}/redeliver`);
    const test = () => shop.admin.api.post(`/webhooks/${body.id}/test`);
    expectProblem(await test(), 409, 'webhook_inactive');
    expectProblem(await redeliver(UNKNOWN_ID), 409, 'webhook_inactive');
    await shop.admin.api.patch(`/webhooks/${body.id}`, { isActive: true });
    const { status, body: delivery, headers } = await test();
    expect([status, headers.get('location')]).toEqual([201, `/api/webhooks/${body.id}/deliveries`]);
    expect(delivery).toMatchObject({ kind: 'test', event: null, status: 'pending', attempt: 0 });
    expectProblem(await redeliver(UNKNOWN_ID), 404, 'not_found');
    const other = await create();
    expectProblem(
      await shop.admin.api.post(`/webhooks/${other.body.id}/deliveries/${delivery.id}/redeliver`),
      404,
      'not_found',
    );
  });

  it('keep the log of their deliveries as long as events are kept', async () => {
    const { body } = await create();
    for (const days of [29, 31]) {
      const { body: delivery } = await shop.admin.api.post(`/webhooks/${body.id}/test`);
      await shop.query(
        'UPDATE webhook_deliveries SET created_at = now() - make_interval(days => $2) WHERE id = $1',
        [delivery.id, days],
      );
    }
    expect((await get(`/${body.id}/deliveries?cursor=`)).body.data).toHaveLength(2);
    await shop.test.app.get(Cleaning).run();
    expect((await get(`/${body.id}/deliveries`)).body.meta.totalItems).toBe(1);
  });
});
