import type { ServerResponse } from 'node:http';
import type { Json } from './support/api-client';
import { eventually, startTestApp, type TestApp } from './support/app';
import { Shop } from './support/shop';
import { WebhookReceiver } from './support/webhook-receiver';

/** On a busy machine. */
const PATIENCE_SECONDS = 20;

describe('a delivery that is under way', () => {
  let shop: Shop;
  let receiver: WebhookReceiver;
  let webhook: Json;
  let held: ServerResponse[];
  let first: TestApp;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    shop = await Shop.open({ settings: { WEBHOOKS_ALLOW_LOOPBACK: 'true' } });
    const created = await shop.admin.api.post('/webhooks', {
      url: receiver.url(),
      events: ['product.created'],
    });
    webhook = created.body;
  });

  afterAll(async () => {
    await shop.close();
    await receiver.close();
  });

  const soon = (condition: () => boolean | Promise<boolean>) => eventually(condition, PATIENCE_SECONDS);
  const newest = async (): Promise<Json> =>
    (await shop.admin.api.get(`/webhooks/${webhook.id}/deliveries`)).body.data[0];
  const deliverer = (): Promise<TestApp> =>
    startTestApp({
      databaseUrl: shop.test.databaseUrl,
      settings: {
        JOBS: 'on',
        // What the secrets of webhooks are sealed with.
        JWT_SECRET: shop.test.jwtSecret,
        WEBHOOKS_ALLOW_LOOPBACK: 'true',
        WEBHOOKS_TIMEOUT_MS: '30000',
      },
    });
  /** An event whose delivery by the first instance is not answered. */
  beforeEach(async () => {
    held = [];
    receiver.received.length = 0;
    receiver.answer = () => (answer) => void held.push(answer);
    first = await deliverer();
    await shop.product();
    await soon(() => held.length === 1);
    receiver.answer = () => 200;
  });

  async function expectSecondDelivery(): Promise<void> {
    const heir = await deliverer();
    try {
      await soon(async () => (await newest()).status === 'delivered');
    } finally {
      await heir.close();
    }
    expect(await newest()).toMatchObject({ attempt: 2, responseStatus: 200, error: null });
    const [once, again, ...more] = receiver.received;
    expect(again?.raw).toBe(once?.raw);
    expect(again?.headers['webhook-id']).toBe(once?.headers['webhook-id']);
    expect(more).toEqual([]);
  }

  it('is made again by another instance, when its own dies and its time is over', async () => {
    // Without its database it can say no more than a dead one.
    await first.dataSource.destroy();
    for (const answer of held) answer.writeHead(200).end();
    await soon(() => first.logs.some(({ event }) => event === 'webhook_note_failed'));
    const [lease] = await shop.query<{ seconds: number }>(
      `SELECT extract(epoch FROM next_attempt_at - now())::float8 AS seconds FROM webhook_deliveries
        WHERE status = 'pending'`,
    );
    expect(lease?.seconds).toBeGreaterThan(20);
    await shop.query(`UPDATE webhook_deliveries SET next_attempt_at = now() WHERE status = 'pending'`);
    await expectSecondDelivery();
    await first.close().catch(() => undefined);
  });

  it('is made again at once, when its own is asked to stop and there is no answer', async () => {
    await first.close();
    await expectSecondDelivery();
  });

  it('counts for nothing, when it was taken for lost and another was faster', async () => {
    await shop.query(`UPDATE webhook_deliveries SET next_attempt_at = now() WHERE status = 'pending'`);
    await soon(async () => (await newest()).status === 'delivered');
    for (const answer of held) answer.writeHead(500).end();
    await soon(() => first.logs.some(({ event, attempt }) => event === 'webhook_failed' && attempt === 1));
    await first.close();
    expect(await newest()).toMatchObject({ status: 'delivered', attempt: 2, error: null });
    const shown = await shop.admin.api.get(`/webhooks/${webhook.id}`);
    expect(shown.body.failingSince).toBeNull();
  });
});
