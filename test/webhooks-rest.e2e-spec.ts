import { eventually } from './support/app';
import { Shop } from './support/shop';
import { WebhookReceiver } from './support/webhook-receiver';

/** On a busy machine. */
const PATIENCE_SECONDS = 20;

describe('a webhook that asks to be left alone', () => {
  let shop: Shop;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    shop = await Shop.open({ settings: { JOBS: 'on', WEBHOOKS_ALLOW_LOOPBACK: 'true' } });
  });

  afterAll(async () => {
    await shop.close();
    await receiver.close();
  });

  const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toUTCString();

  it.each([
    ['for ten minutes', 429, () => '600', 600],
    ['until an instant', 503, () => inSeconds(900), 900],
    ['for a day, which is an hour', 503, () => '86400', 3_600],
  ])('%s gets nothing before', async (_, status, retryAfter, seconds) => {
    const url = receiver.url(`/${seconds}`);
    receiver.answer = () => (answer) => answer.writeHead(status, { 'Retry-After': retryAfter() }).end();
    const { id } = (await shop.admin.api.post('/webhooks', { url, events: ['product.created'] })).body;
    const { id: productId } = await shop.product();
    const delivery = async (): Promise<Record<string, number> | undefined> =>
      (
        await shop.query<Record<string, number>>(
          `SELECT extract(epoch FROM next_attempt_at - last_attempt_at)::float8 AS again,
                  extract(epoch FROM rests_until - last_attempt_at)::float8 AS rests
             FROM webhook_deliveries d JOIN webhooks w ON w.id = webhook_id
            WHERE w.id = $1 AND d.subject_id = $2 AND error IS NOT NULL`,
          [id, productId],
        )
      )[0];
    await eventually(async () => (await delivery()) !== undefined, PATIENCE_SECONDS);
    for (const wait of Object.values((await delivery()) ?? {})) {
      expect(wait).toBeGreaterThan(seconds - 5);
      expect(wait).toBeLessThan(seconds + 60);
    }
    await shop.admin.api.delete(`/webhooks/${id}`);
  });
});
