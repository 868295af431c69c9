import type { Json } from './support/api-client';
import { eventually, startTestApp, type TestApp } from './support/app';
import { TestStream } from './support/event-stream';
import { type Person, Shop } from './support/shop';
import { SlowProxy } from './support/slow-proxy';

describe('the stream of an order, while PostgreSQL fails', () => {
  let shop: Shop;
  let proxy: SlowProxy;
  /** An instance that reaches the database through the proxy. */
  let far: TestApp;
  let ann: Person;
  let order: Json;
  let stream: TestStream;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  afterEach(async () => {
    stream.leave();
  });

  afterAll(() => shop.close());

  const move = (status: string) => shop.editor.api.put(`/orders/${order.id}/status`, { status });
  async function follow(test: TestApp): Promise<void> {
    ann = await shop.customer();
    const product = await shop.product();
    order = await shop.order(ann, [{ productId: product.id, quantity: 1 }]);
    stream = await TestStream.open(test.api.as(ann.accessToken), `/orders/${order.id}/events`);
    await eventually(() => stream.events.length === 1);
  }

  const listeners = () =>
    shop.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
    );

  /** Ends the connection that listens, and waits until another does. */
  async function cutListener(): Promise<void> {
    const [old] = await listeners();
    await shop.query('SELECT pg_terminate_backend($1)', [old?.pid]);
    await eventually(async () => (await listeners()).some(({ pid }) => pid !== old?.pid));
  }

  it('gets, once the listening connection is back, what was not notified', async () => {
    await follow(shop.test);
    await shop.query('ALTER TABLE order_events DISABLE TRIGGER order_events_notify');
    await move('processing');
    await shop.query('ALTER TABLE order_events ENABLE TRIGGER order_events_notify');
    expect(stream.states).toEqual(['pending']);
    await cutListener();
    await eventually(() => stream.events.length === 2);
    await move('shipped');
    await eventually(() => stream.events.length === 3);
    expect(stream.states).toEqual(['pending', 'processing', 'shipped']);
  });

  it('loses and doubles nothing while the listening connection is cut again and again', async () => {
    await follow(shop.test);
    for (const status of ['processing', 'shipped', 'delivered']) {
      await Promise.all([cutListener(), move(status)]);
    }
    await eventually(() => stream.events.length >= 4);
    expect(stream.states).toEqual(['pending', 'processing', 'shipped', 'delivered']);
    expect(stream.isEnded || stream.isCut).toBe(false);
  });

  it('shows that it lives while there is no database, and catches up when there is one again', async () => {
    proxy = await SlowProxy.before(shop.test.databaseUrl);
    const settings = { JWT_SECRET: shop.test.jwtSecret, EVENT_STREAM_HEARTBEAT_MS: '50' };
    far = await startTestApp({ databaseUrl: proxy.url, settings });
    await follow(far);
    proxy.leadTo('postgres://127.0.0.1:1');
    await eventually(async () => (await far.api.get('//health/ready')).status === 503);
    await move('processing');
    const { heartbeats } = stream;
    await eventually(() => stream.heartbeats > heartbeats + 3);
    expect(stream.states).toEqual(['pending']);
    proxy.leadTo(shop.test.databaseUrl);
    await eventually(() => stream.events.length === 2);
    await move('shipped');
    await eventually(() => stream.events.length === 3);
    expect(stream.states).toEqual(['pending', 'processing', 'shipped']);
    await far.close();
    proxy.close();
  });
});
