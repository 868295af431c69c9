import { eventually } from './support/app';
import { Shop } from './support/shop';
import { WebhookReceiver } from './support/webhook-receiver';

/** On a busy machine. */
const PATIENCE_SECONDS = 20;

describe('a webhook that rests', () => {
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
  ])('because it asked for it, %s, gets nothing before', async (_, status, retryAfter, seconds) => {
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

  it('after five failures in a row goes on when somebody asks for a test', async () => {
    receiver.answer = () => 500;
    const hooked = { url: receiver.url('/failing'), events: ['product.created'] };
    const { id } = (await shop.admin.api.post('/webhooks', hooked)).body;
    await Promise.all([1, 2, 3, 4, 5].map(() => shop.product()));
    const restsFor = async (): Promise<number> => {
      const [row] = await shop.query<{ seconds: number | null }>(
        'SELECT extract(epoch FROM rests_until - now())::float8 AS seconds FROM webhooks WHERE id = $1',
        [id],
      );
      return row?.seconds ?? 0;
    };
    await eventually(async () => (await restsFor()) > 0, PATIENCE_SECONDS);
    await shop.query(`UPDATE webhooks SET rests_until = now() + interval '5 minutes' WHERE id = $1`, [id]);
    receiver.answer = () => 200;
    await shop.admin.api.post(`/webhooks/${id}/test`);
    await eventually(async () => {
      const { body } = await shop.admin.api.get(`/webhooks/${id}/deliveries?status=delivered`);
      return body.data.some(({ kind }: { kind: string }) => kind === 'test');
    }, PATIENCE_SECONDS);
    expect(await restsFor()).toBeLessThanOrEqual(0);
  });
});
