import type { Json } from './support/api-client';
import { eventually } from './support/app';
import { Shop } from './support/shop';
import { isGenuine, type Received, WebhookReceiver } from './support/webhook-receiver';

const SETTINGS = { JOBS: 'on', WEBHOOKS_ALLOW_LOOPBACK: 'true', WEBHOOKS_TIMEOUT_MS: '1500' };
/** On a busy machine. */
const PATIENCE_SECONDS = 20;

interface Hook {
  id: string;
  secret: string;
  path: string;
}

describe('what is delivered to webhooks', () => {
  let shop: Shop;
  let receiver: WebhookReceiver;
  let count = 0;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    shop = await Shop.open({ settings: SETTINGS });
  });

  afterEach(async () => {
    receiver.answer = () => 204;
    const { body } = await shop.admin.api.get('/webhooks');
    for (const { id } of body.data) await shop.admin.api.delete(`/webhooks/${id}`);
  });

  afterAll(async () => {
    await shop.close();
    await receiver.close();
  });

  async function hook(events: string[], path = `/hook-${(count += 1)}`): Promise<Hook> {
    const { body } = await shop.admin.api.post('/webhooks', { url: receiver.url(path), events });
    return { id: body.id, secret: body.secret, path };
  }
  const soon = (condition: () => boolean | Promise<boolean>) => eventually(condition, PATIENCE_SECONDS);
  const at = ({ path }: Hook): Received[] => receiver.at(path);
  const arrived = (to: Hook, number: number) => soon(() => at(to).length >= number);
  const deliveries = async ({ id }: Hook, query = ''): Promise<Json[]> =>
    (await shop.admin.api.get(`/webhooks/${id}/deliveries${query}`)).body.data;
  const webhook = async ({ id }: Hook): Promise<Json> => (await shop.admin.api.get(`/webhooks/${id}`)).body;
  const edit = ({ id }: Json, fields: object) => shop.editor.api.patch(`/products/${id}`, fields);
  /** What waits after a failure is due now, as if its time had come; what is under way is left alone. */
  const timePasses = ({ id }: Hook) =>
    shop.query(
      `WITH rest AS (UPDATE webhooks SET rests_until = NULL WHERE id = $1)
       UPDATE webhook_deliveries SET next_attempt_at = now()
        WHERE webhook_id = $1 AND status = 'pending' AND error IS NOT NULL AND next_attempt_at < now() + interval '2 hours'`,
      [id],
    );
  const failedTimes = (to: Hook, times: number) =>
    soon(async () => (await deliveries(to)).some(({ attempt, error }) => attempt >= times && error !== null));

  it('is the event as the log shows it, signed so that ten lines can check it', async () => {
    const hooked = await hook(['product.created']);
    const product = await shop.product({ price: 19.99 });
    await shop.editor.api.delete(`/products/${product.id}`);
    await arrived(hooked, 1);
    const [{ headers, raw, body }] = at(hooked) as [Received];
    const events: Json[] = (await shop.admin.api.get(`/events?limit=100`)).body.data;
    expect(body).toEqual(events.find(({ subject }) => subject.id === product.id));
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': body.id });
    expect(isGenuine(headers, raw, hooked.secret)).toBe(true);
    expect(isGenuine(headers, raw.replace('19.99', '0.01'), hooked.secret)).toBe(false);
    expect(isGenuine({ ...headers, 'webhook-id': product.id }, raw, hooked.secret)).toBe(false);
    const early = String(Number(headers['webhook-timestamp']) - 301);
    expect(isGenuine({ ...headers, 'webhook-timestamp': early }, raw, hooked.secret)).toBe(false);
    await soon(async () => (await deliveries(hooked))[0]?.status === 'delivered');
    expect(await deliveries(hooked)).toEqual([
      {
        id: expect.any(String),
        kind: 'event',
        event: { id: body.id, type: 'product.created', position: body.position },
        status: 'delivered',
        attempt: 1,
        responseStatus: 204,
        error: null,
        durationMs: expect.any(Number),
        at: expect.any(String),
        nextAttemptAt: null,
        createdAt: expect.any(String),
      },
    ]);
    expect(at(hooked)).toHaveLength(1);
  });

  it('is signed with both secrets for a day after a change', async () => {
    const hooked = await hook(['order.placed']);
    const rotate = async (): Promise<string> =>
      (await shop.admin.api.post(`/webhooks/${hooked.id}/rotate-secret`)).body.secret;
    const secret = await rotate();
    const test = async (number: number): Promise<Received> => {
      await shop.admin.api.post(`/webhooks/${hooked.id}/test`);
      await arrived(hooked, number);
      return at(hooked)[number - 1] as Received;
    };
    const genuineFor = ({ headers, raw }: Received) =>
      [hooked.secret, secret].map((known) => isGenuine(headers, raw, known));
    const both = await test(1);
    expect(genuineFor(both)).toEqual([true, true]);
    const { id, type, subject, data } = both.body;
    expect([type, subject, data]).toEqual(['webhook.test', { type: 'webhook', id: hooked.id }, {}]);
    expect(id).toBe(both.headers['webhook-id']);
    await shop.query(`UPDATE webhooks SET previous_secret_until = now() WHERE id = $1`, [hooked.id]);
    expect(genuineFor(await test(2))).toEqual([false, true]);
  });

  it('comes in the order of each product, and what fails holds up nothing else', async () => {
    const hooked = await hook(['product.created', 'product.updated', 'product.deleted']);
    const [stuck, free] = [await shop.product(), await shop.product()];
    receiver.answer = ({ body }) => (body.subject.id === stuck.id ? 503 : 200);
    for (const { id } of [stuck, free]) {
      for (const price of [11, 12, 13]) await edit({ id }, { price });
      await shop.editor.api.delete(`/products/${id}`);
    }
    const of = ({ id }: Json): Received[] => at(hooked).filter(({ body }) => body.subject.id === id);
    await soon(() => of(free).length === 5);
    expect(of(free).map(({ body }) => body.data.version)).toEqual([1, 2, 3, 4, 5]);
    await soon(() => of(stuck).length > 0);
    await failedTimes(hooked, 1);
    await timePasses(hooked);
    await failedTimes(hooked, 2);
    receiver.answer = () => 200;
    await timePasses(hooked);
    await soon(() => of(stuck).at(-1)?.body.data.version === 5);
    // A slow machine may have tried the first once more by itself.
    const versions = of(stuck).map(({ body }) => body.data.version);
    expect(versions.slice(versions.lastIndexOf(1))).toEqual([1, 2, 3, 4, 5]);
    expect(versions.lastIndexOf(1)).toBeGreaterThanOrEqual(2);
    expect(new Set(of(stuck).map(({ headers }) => headers['webhook-id'])).size).toBe(5);
  });

  it('goes to those who want it, and a slow one holds up no other', async () => {
    const [slow, quick, other] = [
      await hook(['product.created']),
      await hook(['product.created']),
      await hook(['order.placed']),
    ];
    const held: (() => void)[] = [];
    receiver.answer = ({ path }) => (path === slow.path ? (answer) => held.push(() => answer.end()) : 204);
    const products = await Promise.all(Array.from({ length: 12 }, () => shop.product()));
    await soon(() => at(quick).length === 12);
    expect(new Set(at(quick).map(({ body }) => body.subject.id))).toEqual(
      new Set(products.map(({ id }) => id)),
    );
    expect(at(slow).length).toBeLessThan(12);
    expect(at(other)).toEqual([]);
    receiver.answer = () => 204;
    for (const release of held) release();
    await arrived(slow, 12);
  });

  it.each([
    ['an error', 500, { responseStatus: 500, error: 'Answered 500' }],
    ['a redirect', 302, { responseStatus: 302, error: 'Answered 302: redirects are not followed' }],
    ['silence', 'silence', { responseStatus: null, error: 'There was no answer within 1500 ms' }],
    [
      'a broken connection',
      'break',
      { responseStatus: null, error: expect.stringMatching(/hang up|ECONNRESET/) },
    ],
  ])('is tried again after %s', async (_, reply, outcome) => {
    const hooked = await hook(['product.created']);
    receiver.answer = () => (answer) => {
      if (typeof reply === 'number') answer.writeHead(reply, { Location: receiver.url('/elsewhere') }).end();
      else if (reply === 'break') answer.destroy();
    };
    await shop.product();
    await failedTimes(hooked, 1);
    const [failed] = await deliveries(hooked, '?status=pending');
    expect(failed).toMatchObject({ status: 'pending', attempt: 1, ...outcome });
    const delay = (Date.parse(failed?.nextAttemptAt) - Date.parse(failed?.at)) / 1_000;
    expect(delay).toBeGreaterThan(4);
    expect(delay).toBeLessThan(30);
    receiver.answer = () => 200;
    await timePasses(hooked);
    await soon(async () => (await deliveries(hooked))[0]?.status === 'delivered');
    expect((await webhook(hooked)).failingSince).toBeNull();
    expect(receiver.at('/elsewhere')).toEqual([]);
  });

  it('shows nothing of the attempt before while the next one is under way', async () => {
    const hooked = await hook(['product.created']);
    receiver.answer = () => 500;
    await shop.product();
    await failedTimes(hooked, 1);
    const held: (() => void)[] = [];
    receiver.answer = () => (answer) => held.push(() => answer.writeHead(503).end());
    await timePasses(hooked);
    await soon(() => held.length === 1);
    const underWay = { status: 'pending', attempt: 2, responseStatus: null, error: null, durationMs: null };
    expect(await deliveries(hooked)).toEqual([expect.objectContaining(underWay)]);
    held[0]?.();
    await failedTimes(hooked, 2);
    expect(await deliveries(hooked)).toMatchObject([{ attempt: 2, error: 'Answered 503' }]);
  });

  it('is tried less and less often, and given up after a day, so that what comes after it goes on', async () => {
    const hooked = await hook(['product.created', 'product.updated']);
    receiver.answer = ({ body }) => (body.type === 'product.created' ? 500 : 200);
    const product = await shop.product();
    await edit(product, { price: 11 });
    const delays: number[] = [];
    for (const attempt of [1, 2, 3]) {
      await failedTimes(hooked, attempt);
      const failed = (await deliveries(hooked)).find(({ attempt: made }) => made === attempt);
      delays.push(Date.parse(failed?.nextAttemptAt) - Date.parse(failed?.at));
      if (attempt < 3) await timePasses(hooked);
    }
    expect(delays).toEqual(delays.toSorted((left, right) => left - right));
    expect(delays[2]).toBeGreaterThan(60_000);
    await shop.query(
      `UPDATE webhook_deliveries SET created_at = now() - interval '24 hours' WHERE webhook_id = $1`,
      [hooked.id],
    );
    await timePasses(hooked);
    await soon(async () => (await deliveries(hooked, '?status=delivered')).length === 1);
    const [given] = await deliveries(hooked, '?status=failed');
    expect(given).toMatchObject({ attempt: 4, error: 'Answered 500', nextAttemptAt: null });
    expect(at(hooked).at(-1)?.body.type).toBe('product.updated');
  });

  it.each([
    ['that failed for a day', 500, 'failing'],
    ['that says that it is gone', 410, 'gone'],
  ])('ends at a webhook %s, which is paused; what it missed is in the log', async (_, status, reason) => {
    const hooked = await hook(['product.created']);
    receiver.answer = () => status;
    if (status === 500)
      await shop.query(
        `UPDATE webhooks SET failures = 19, failing_since = now() - interval '25 hours' WHERE id = $1`,
        [hooked.id],
      );
    const first = await shop.product();
    await soon(async () => (await webhook(hooked)).isPaused);
    const paused = await webhook(hooked);
    expect(paused).toMatchObject({ isActive: true, pauseReason: reason, pausedAt: expect.any(String) });
    expect(shop.test.logs).toContainEqual(
      expect.objectContaining({ event: 'webhook_paused', webhookId: hooked.id, reason }),
    );
    const missed = await shop.product();
    const missedEvents = async (): Promise<Json[]> =>
      (await shop.admin.api.get(`/events?after=${paused.replayAfter}`)).body.data;
    await soon(async () => (await missedEvents()).some(({ subject }) => subject.id === missed.id));
    expect(await deliveries(hooked)).toHaveLength(1);
    receiver.answer = () => 200;
    const resumed = await shop.admin.api.patch(`/webhooks/${hooked.id}`, { isPaused: false });
    const { replayAfter } = paused;
    expect(resumed.body).toMatchObject({
      isPaused: false,
      pauseReason: null,
      failingSince: null,
      replayAfter,
    });
    await timePasses(hooked);
    const next = await shop.product();
    await soon(async () => (await deliveries(hooked, '?status=delivered')).length === 2);
    const subjects = at(hooked)
      .slice(1)
      .map(({ body }) => body.subject.id);
    expect(subjects.toSorted()).toEqual([first.id, next.id].toSorted());
  });

  it('comes once more by hand, under the same id, past what waits', async () => {
    const hooked = await hook(['product.created', 'product.updated']);
    const product = await shop.product();
    await arrived(hooked, 1);
    await soon(async () => (await deliveries(hooked))[0]?.status === 'delivered');
    receiver.answer = ({ body }) => (body.type === 'product.updated' ? 500 : 200);
    await edit(product, { price: 11 });
    await failedTimes(hooked, 1);
    const [done] = await deliveries(hooked, '?status=delivered');
    const path = `/webhooks/${hooked.id}/deliveries/${done?.id}/redeliver`;
    const { status, body } = await shop.admin.api.post(path);
    expect([status, body.kind, body.event]).toEqual([201, 'redelivery', done?.event]);
    await soon(async () => (await deliveries(hooked, '?status=delivered')).length === 2);
    const [first, , again] = at(hooked);
    expect([again?.raw, again?.headers['webhook-id']]).toEqual([first?.raw, first?.headers['webhook-id']]);
  });

  it('is tried once where it is a test', async () => {
    const hooked = await hook(['order.placed']);
    receiver.answer = () => 500;
    await shop.admin.api.post(`/webhooks/${hooked.id}/test`);
    await soon(async () => (await deliveries(hooked, '?status=failed')).length === 1);
    expect((await webhook(hooked)).failingSince).toBeNull();
  });
});
