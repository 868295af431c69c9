import { Client } from 'pg';
import { atOnce, expectInvalid, expectProblem } from './support/answers';
import type { ApiClient, Json } from './support/api-client';
import { eventually, startTestApp, type TestApp } from './support/app';
import { TestStream } from './support/event-stream';
import { UNKNOWN_ID } from './support/routes';
import { type Person, Shop } from './support/shop';

const AS_STREAM = { Accept: 'text/event-stream' };

describe('following an order, over two instances', () => {
  let shop: Shop;
  let other: TestApp;
  let ann: Person;
  let product: Json;
  let streams: TestStream[];

  beforeAll(async () => {
    shop = await Shop.open();
    const { databaseUrl, jwtSecret } = shop.test;
    other = await startTestApp({ databaseUrl, settings: { JWT_SECRET: jwtSecret } });
    [ann, product] = [await shop.customer(), await shop.product({ stock: 1_000 })];
  });

  beforeEach(() => {
    streams = [];
  });

  afterEach(async () => {
    for (const stream of streams) stream.leave();
  });

  afterAll(async () => {
    await other.close();
    await shop.close();
  });

  const buy = (): Promise<Json> => shop.order(ann, [{ productId: product.id, quantity: 1 }]);
  const elsewhere = ({ accessToken }: Person): ApiClient => other.api.as(accessToken);
  const move = (order: Json, status: string, api = shop.editor.api, fields: object = {}) =>
    api.put(`/orders/${order.id}/status`, { status, ...fields });
  const pay = (order: Json, paymentStatus: string, api = shop.editor.api) =>
    api.put(`/orders/${order.id}/payment-status`, { paymentStatus });
  const list = async (order: Json, api = ann.api): Promise<Json[]> =>
    (await api.get(`/orders/${order.id}/events`)).body.data;

  async function follow(
    order: Json,
    api = ann.api,
    headers: Record<string, string> = {},
  ): Promise<TestStream> {
    const stream = await TestStream.open(api, `/orders/${order.id}/events`, headers);
    streams.push(stream);
    return stream;
  }

  it('begins with what is there and goes on with each event, wherever it is caused', async () => {
    const order = await buy();
    await move(order, 'processing');
    const [here, there] = [await follow(order), await follow(order, elsewhere(ann))];
    for (const { states } of [here, there])
      await eventually(() => states.length === 0 || states.at(-1) === 'processing');
    await move(order, 'shipped', elsewhere(shop.editor), { note: 'By sea\nand air' });
    await pay(order, 'paid');
    for (const stream of [here, there]) {
      await eventually(() => stream.states.at(-1) === 'paid');
      expect(stream.states).toEqual(['pending', 'processing', 'shipped', 'paid']);
      expect(stream.isEnded).toBe(false);
    }
  });

  it('tells each viewer what the list shows them', async () => {
    const order = await buy();
    const byOwner = await follow(order);
    const byStaff = await follow(order, elsewhere(shop.editor));
    await move(order, 'processing', shop.editor.api, { note: 'Picked: "all"\r\nof it' });
    for (const [stream, api] of [
      [byOwner, ann.api],
      [byStaff, shop.editor.api],
    ] as const) {
      await eventually(() => stream.events.length === 2);
      const shown = await list(order, api);
      expect(stream.events).toEqual(shown.map((data) => ({ id: data.id, event: 'order_event', data })));
    }
    expect(byOwner.events[1]?.data).not.toHaveProperty('by');
    expect(byStaff.events[1]?.data.by).toBe(shop.editor.id);
  });

  it('repeats nothing to those who follow when somebody else begins to', async () => {
    const order = await buy();
    const first = await follow(order);
    await eventually(() => first.events.length === 1);
    const second = await follow(order);
    await eventually(() => second.events.length === 1);
    await move(order, 'processing');
    await eventually(() => first.states.includes('processing'));
    expect(first.states).toEqual(['pending', 'processing']);
  });

  it('is answered at once, with headers that keep it from being kept or held back', async () => {
    const { response } = await follow(await buy());
    const headers = Object.fromEntries(response.headers);
    expect(response.status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'private, no-store',
      'x-accel-buffering': 'no',
      'x-request-id': expect.any(String),
      vary: expect.stringMatching(/\bAccept\b/),
    });
    expect(headers).not.toHaveProperty('etag');
  });

  it.each([
    ['text/event-stream', true],
    ['text/event-stream, */*', true],
    ['application/json;q=0.5, text/event-stream', true],
    ['text/*', true],
    ['*/*', false],
    ['application/json, text/event-stream;q=0.9', false],
    ['text/event-stream;q=0', false],
    ['text/html', false],
  ])('is what a client gets that accepts %s: %s', async (accept, isStream) => {
    const controller = new AbortController();
    const path = `/orders/${(await buy()).id}/events`;
    const { status, headers } = await ann.api.open(path, { Accept: accept }, controller.signal);
    controller.abort();
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(isStream ? /^text\/event-stream$/ : /^application\/json/);
    expect(headers.get('vary')).toMatch(/\bAccept\b/);
  });

  it('is refused, before it begins, as the list is', async () => {
    const [order, stranger] = [await buy(), await shop.customer()];
    const path = `/orders/${order.id}/events`;
    expectProblem(await stranger.api.get(path, AS_STREAM), 404, 'not_found');
    expectProblem(await shop.api.get(path, AS_STREAM), 401, 'unauthenticated');
    expectProblem(await ann.api.get(`/orders/${UNKNOWN_ID}/events`, AS_STREAM), 404, 'not_found');
    expectProblem(await ann.api.get('/orders/first/events', AS_STREAM), 400, 'malformed_id');
    expectInvalid(await ann.api.get(`${path}?since=1`, AS_STREAM), 'since');
    expect((await shop.admin.api.delete(`/orders/${order.id}`)).status).toBe(204);
    expectProblem(await shop.admin.api.get(path, AS_STREAM), 404, 'not_found');
  });

  it('has headers alone for who asks for those alone', async () => {
    const path = `/orders/${(await buy()).id}/events`;
    const { status, headers, body } = await ann.api.request('HEAD', path, { headers: AS_STREAM });
    expect([status, headers.get('content-type'), body]).toEqual([200, 'text/event-stream', '']);
  });

  it('goes on after the last event that the client has', async () => {
    const order = await buy();
    await move(order, 'processing');
    const [, second] = await list(order);
    const stream = await follow(order, ann.api, { 'Last-Event-ID': second?.id.toUpperCase() });
    await move(order, 'shipped');
    await eventually(() => stream.states.includes('shipped'));
    expect(stream.states).toEqual(['shipped']);
  });

  it.each([
    ['of another order', async () => (await list(await buy()))[0]?.id],
    ['that nothing has', async () => UNKNOWN_ID],
    ['that is none', async () => '17'],
    ['of no length', async () => ''],
  ])('begins with the first event after an id %s', async (_, idOf) => {
    const order = await buy();
    const stream = await follow(order, ann.api, { 'Last-Event-ID': await idOf() });
    await eventually(() => stream.events.length > 0);
    expect(stream.states).toEqual(['pending']);
  });

  it('misses nothing and repeats nothing when the connection is lost again and again', async () => {
    const order = await buy();
    const got: string[] = [];
    let isOver = false;
    const listen = async (api: ApiClient): Promise<void> => {
      while (!isOver) {
        const last = got.at(-1);
        const stream = await follow(order, api, last ? { 'Last-Event-ID': last } : {});
        const before = got.length;
        await eventually(() => isOver || stream.events.length > 0);
        stream.leave();
        got.splice(before, 0, ...stream.ids);
      }
    };
    const listening = listen(elsewhere(ann));
    for (const status of ['processing', 'shipped', 'delivered']) await move(order, status);
    await Promise.all([pay(order, 'paid'), move(order, 'cancelled')]);
    await pay(order, 'refunded');
    await eventually(() => got.length >= 6);
    isOver = true;
    await listening;
    expect(got).toEqual((await list(order)).map(({ id }) => id));
  });

  it('is the same for all while forty changes race', async () => {
    for (let round = 0; round < 3; round++) {
      const order = await buy();
      const followers = await Promise.all([follow(order), follow(order, elsewhere(shop.editor))]);
      await atOnce(40, (index) => {
        const api = index % 2 ? shop.editor.api : elsewhere(shop.editor);
        const steps = ['processing', 'shipped', 'paid', 'cancelled', 'delivered', 'refunded'];
        const step = steps[index % steps.length] ?? '';
        return index % 3 === 2 ? pay(order, step, api) : move(order, step, api);
      });
      const ids = (await list(order)).map(({ id }) => id);
      expect(ids.length).toBeGreaterThan(2);
      for (const stream of followers) {
        await eventually(() => stream.events.length >= ids.length);
        expect(stream.ids).toEqual(ids);
      }
    }
  });

  it('tells nothing that happened after the viewer signed out', async () => {
    const order = await buy();
    const device = await shop.customer();
    await shop.admin.api.patch(`/users/${device.id}`, { roles: ['EDITOR'] });
    const stream = await follow(order, elsewhere(device));
    await eventually(() => stream.events.length === 1);
    await device.api.post('/auth/logout');
    await move(order, 'processing');
    await eventually(() => stream.isEnded);
    expect(stream.states).toEqual(['pending']);
  });

  it('costs those who place orders nothing: only what comes later is notified', async () => {
    const client = new Client({ connectionString: shop.test.databaseUrl });
    const notified: string[] = [];
    client.on('notification', ({ payload = '' }) => notified.push(payload));
    await client.connect();
    await client.query('LISTEN order_events');
    const [, second] = [await buy(), await buy()];
    await move(second, 'processing');
    await eventually(() => notified.length > 0);
    await client.end();
    expect(notified).toEqual([second.id]);
  });
});
