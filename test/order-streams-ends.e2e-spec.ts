import net from 'node:net';
import { AccessTokens } from '../src/common/auth/access-tokens';
import { OrderStreamsService } from '../src/modules/orders/order-streams.service';
import { expectProblem } from './support/answers';
import type { ApiClient, Json } from './support/api-client';
import { eventually, startTestApp } from './support/app';
import { TestStream } from './support/event-stream';
import { PASSWORD, type Person, Shop } from './support/shop';

const LIFE_SECONDS = 60;

/** One connection to the database: what an idle stream held would be missed at once. */
const SETTINGS = {
  DATABASE_POOL_SIZE: '1',
  EVENT_STREAM_HEARTBEAT_MS: '50',
  EVENT_STREAMS_PER_USER: '3',
  EVENT_STREAMS_MAX: '5',
  JWT_ACCESS_TTL_SECONDS: String(LIFE_SECONDS),
  RATE_LIMIT: 'on',
  RATE_LIMIT_ACCOUNT: '1000',
};

describe('the stream of an order', () => {
  let shop: Shop;
  let ann: Person;
  let order: Json;
  let streams: TestStream[];

  beforeAll(async () => {
    shop = await Shop.open({ settings: SETTINGS });
  });

  beforeEach(async () => {
    streams = [];
    ann = await shop.customer();
    const product = await shop.product();
    order = await shop.order(ann, [{ productId: product.id, quantity: 1 }]);
  });

  afterEach(async () => {
    for (const stream of streams) stream.leave();
  });

  afterAll(() => shop.close());

  const path = () => `/orders/${order.id}/events`;
  const move = (status: string, api = shop.editor.api) => api.put(`/orders/${order.id}/status`, { status });

  async function follow(api = ann.api): Promise<TestStream> {
    const stream = await TestStream.open(api, path());
    streams.push(stream);
    await eventually(() => stream.events.length > 0);
    return stream;
  }

  async function editor(): Promise<Person> {
    const person = await shop.customer();
    await shop.admin.api.patch(`/users/${person.id}`, { roles: ['EDITOR'] });
    return person;
  }

  it('shows that it lives while nothing happens, and holds no connection to the database', async () => {
    const all = [await follow(), await follow(), await follow(await editor().then(({ api }) => api))];
    for (const stream of all) await eventually(() => stream.heartbeats >= 3);
    expect((await ann.api.get('/auth/me')).status).toBe(200);
    expect(all[0]?.retryMs).toBeGreaterThanOrEqual(2_000);
    expect(all.map(({ isEnded }) => isEnded)).toEqual([false, false, false]);
  });

  it('counts as a request', async () => {
    const { response } = await follow();
    const { headers } = await ann.api.get(path());
    expect(response.headers.get('ratelimit-limit')).toBe('1000');
    const left = Number(response.headers.get('ratelimit-remaining'));
    expect(Number(headers.get('ratelimit-remaining'))).toBe(left - 1);
  });

  it('goes on after the end of the order, whose payment may still change', async () => {
    const stream = await follow();
    await shop.editor.api.put(`/orders/${order.id}/payment-status`, { paymentStatus: 'paid' });
    await ann.api.post(`/orders/${order.id}/cancel`);
    await shop.editor.api.put(`/orders/${order.id}/payment-status`, { paymentStatus: 'refunded' });
    await eventually(() => stream.states.at(-1) === 'refunded');
    expect(stream.states).toEqual(['pending', 'paid', 'cancelled', 'refunded']);
  });

  it('ends when the access token does, and says why to who asks again', async () => {
    const tokens = shop.test.app.get(AccessTokens);
    const claims = tokens.peek(`Bearer ${ann.accessToken}`);
    if (!claims) throw new Error('The token is good');
    const issuedAt = new Date(Date.now() - (LIFE_SECONDS - 3) * 1000);
    const late = shop.test.api.as(tokens.sign(claims.sub, claims.sid, claims.jti, issuedAt));
    const [dying, living] = [await follow(late), await follow()];
    await dying.over;
    expect([dying.isEnded, living.isEnded]).toEqual([true, false]);
    expectProblem(await late.get(path(), { Accept: 'text/event-stream' }), 401, 'token_expired');
  });

  it.each<[string, () => Promise<Person>, (viewer: Person) => Promise<{ status: number }>]>([
    ['signs out', async () => ann, ({ api }) => api.post('/auth/logout')],
    ['signs out everywhere', async () => ann, ({ api }) => api.post('/auth/logout-all')],
    ['is disabled', async () => ann, ({ id }) => shop.admin.api.patch(`/users/${id}`, { isActive: false })],
    ['is deleted', async () => ann, ({ id }) => shop.admin.api.delete(`/users/${id}`)],
    ['closes the account', async () => ann, ({ api }) => api.delete('/users/me', {}, { password: PASSWORD })],
    ['is staff no more', editor, ({ id }) => shop.admin.api.patch(`/users/${id}`, { roles: ['CUSTOMER'] })],
  ])('ends soon after the viewer %s', async (_, who, lose) => {
    const viewer = await who();
    const stream = await follow(viewer.api);
    expect((await lose(viewer)).status).toBeLessThan(300);
    await eventually(() => stream.isEnded);
    expect(stream.states).toEqual(['pending']);
  });

  it('goes on without what is for staff when the owner is staff no more', async () => {
    await shop.admin.api.patch(`/users/${ann.id}`, { roles: ['EDITOR'] });
    const stream = await follow();
    await shop.admin.api.patch(`/users/${ann.id}`, { roles: ['CUSTOMER'] });
    await move('processing');
    await eventually(() => stream.events.length === 2);
    expect(stream.events.map(({ data }) => 'by' in data)).toEqual([true, false]);
  });

  it.each(['pending', 'delivered'])('ends soon after the order is deleted that is %s', async (status) => {
    const steps = status === 'pending' ? [] : ['processing', 'shipped', 'delivered'];
    for (const step of steps) await move(step);
    const stream = await follow();
    expect((await shop.admin.api.delete(`/orders/${order.id}`)).status).toBe(204);
    await eventually(() => stream.isEnded);
    expect(stream.states).not.toContain('cancelled');
  });

  it('has room for three of a user and five in all, and has it again when clients leave', async () => {
    const asStream = { Accept: 'text/event-stream' };
    for (let i = 0; i < 3; i++) await follow();
    const refused = await ann.api.get(path(), asStream);
    expectProblem(refused, 429, 'too_many_requests');
    expect(refused.headers.get('retry-after')).toBe('10');
    expect((await ann.api.get(path())).status).toBe(200);
    for (let i = 0; i < 2; i++) await follow(shop.editor.api);
    expectProblem(await shop.admin.api.get(path(), asStream), 503, 'service_unavailable');
    for (const stream of streams) stream.leave();
    for (let round = 0; round < 3; round++) {
      const again = await opened(ann.api);
      await again.over;
    }
  });

  /** A stream of a client that leaves at once. */
  async function opened(api: ApiClient): Promise<TestStream> {
    let stream: TestStream | undefined;
    await eventually(async () => {
      stream = await TestStream.open(api, path()).catch(() => undefined);
      return stream !== undefined;
    });
    stream?.leave();
    if (!stream) throw new Error('It was opened');
    return stream;
  }

  it('leaves no timer behind when the client leaves', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    for (let i = 0; i < 20; i++) (await opened(ann.api)).leave();
    await eventually(() => timers() <= before + 5);
  });

  it('is one line in the log, at its end', async () => {
    const stream = await follow();
    const requestId = stream.response.headers.get('x-request-id');
    const lines = () => shop.test.logs.filter((line) => line.requestId === requestId);
    expect(lines()).toEqual([]);
    stream.leave();
    await eventually(() => lines().length > 0);
    expect(lines()).toMatchObject([
      { event: 'stream', route: '/api/orders/:id/events', status: 200, userId: ann.id, isComplete: false },
    ]);
  });
});

describe('an instance that stops', () => {
  it('ends its streams, takes no new one, and does not wait for clients that asked nothing yet', async () => {
    const shop = await Shop.open();
    const { databaseUrl, jwtSecret } = shop.test;
    const stopping = await startTestApp({ databaseUrl, settings: { JWT_SECRET: jwtSecret } });
    const [ann, product] = [await shop.customer(), await shop.product()];
    const order = await shop.order(ann, [{ productId: product.id, quantity: 1 }]);
    const path = `/orders/${order.id}/events`;
    const stream = await TestStream.open(stopping.api.as(ann.accessToken), path);
    const silent = net.connect(Number(new URL(stopping.api.origin).port), '127.0.0.1');
    silent.on('error', () => undefined);
    await eventually(() => stream.events.length === 1 && silent.readyState === 'open');
    stopping.app.get(OrderStreamsService).onModuleDestroy();
    const late = await stopping.api.as(ann.accessToken).get(path, { Accept: 'text/event-stream' });
    expectProblem(late, 503, 'service_unavailable');
    await stopping.close();
    await eventually(() => stream.isEnded && silent.closed);
    const again = await TestStream.open(ann.api, path, { 'Last-Event-ID': stream.ids[0] ?? '' });
    await shop.editor.api.put(`/orders/${order.id}/status`, { status: 'processing' });
    await eventually(() => again.states.includes('processing'));
    expect([...stream.states, ...again.states]).toEqual(['pending', 'processing']);
    again.leave();
    await shop.close();
  });
});
