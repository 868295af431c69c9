import { once } from 'node:events';
import net, { type AddressInfo, type Server } from 'node:net';
import path from 'node:path';
import type { ApiClient } from './support/api-client';
import { eventually, isIndiscreet } from './support/app';
import { serve, type ServedShop } from './support/program';
import { TEST_REDIS_URL } from './support/redis';
import { orderOf, type Person, Shop } from './support/shop';
import { type CollectedSpan, TraceCollector } from './support/trace-collector';
import { WebhookReceiver } from './support/webhook-receiver';

// The program may have to be built first, on a machine that is busy.
jest.setTimeout(180_000);

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const PROBE = path.join(__dirname, 'support', 'loaded-packages.cjs');

/** In a program that says at its end what it had loaded. */
const start = (shop: Shop, settings: Record<string, string>): Promise<ServedShop> =>
  serve(shop, { NODE_ENV: 'test', NODE_OPTIONS: `--require "${PROBE}"`, ...settings });

/** Ends it by a signal. @returns its exit code, and which packages of OpenTelemetry it had loaded */
async function stop({ program }: ServedShop): Promise<{ code: number | null; packages: unknown }> {
  program.signal('SIGTERM');
  const code = await program.exitCode;
  return { code, packages: program.logs.find(({ event }) => event === 'loaded')?.packages };
}

describe('traces', () => {
  let shop: Shop;
  let ann: Person;

  beforeAll(async () => {
    shop = await Shop.open();
    ann = await shop.customer();
  });

  afterAll(() => shop.close());

  describe('that a collector takes', () => {
    let collector: TraceCollector;
    let receiver: WebhookReceiver;
    let running: ServedShop;

    beforeAll(async () => {
      [collector, receiver] = await Promise.all([TraceCollector.start(), WebhookReceiver.start()]);
      running = await start(shop, {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_BSP_SCHEDULE_DELAY: '50',
        WEBHOOKS_ALLOW_LOOPBACK: 'true',
        ...(TEST_REDIS_URL && { REDIS_URL: TEST_REDIS_URL }),
      });
    });

    afterAll(async () => {
      await running.program.kill();
      await Promise.all([receiver.close(), collector.close()]);
    });

    const as = (person: Person): ApiClient => person.api.at(running.api.origin);

    const arrived = (condition: (span: CollectedSpan) => boolean): Promise<void> =>
      eventually(() => collector.spans.some(condition), 20);

    /** The span of the request with this id, once it arrived. */
    async function requestSpan(id: string): Promise<CollectedSpan> {
      const isIt = ({ attributes }: CollectedSpan): boolean => attributes['request.id'] === id;
      await arrived(isIt);
      return collector.spans.find(isIt) as CollectedSpan;
    }

    /** The names of the spans that lead to each one of the caller's trace. */
    function paths(): string[] {
      const spans = new Map(collector.trace(TRACE_ID).map((span) => [span.id, span]));
      const pathTo = ({ name, parentId }: CollectedSpan): string => {
        const parent = spans.get(parentId);
        return parent ? `${pathTo(parent)} > ${name}` : `${parentId} > ${name}`;
      };
      return [...spans.values()].map(pathTo);
    }

    it('lead from a caller through the order to its mail and its webhook', async () => {
      const { id: productId } = await shop.product();
      const hook = { url: receiver.url('/hook?key=of-the-hook'), events: ['order.placed'] };
      expect((await as(shop.admin).post('/webhooks', hook)).status).toBe(201);
      const placed = await as(ann).post('/orders', orderOf({ items: [{ productId, quantity: 1 }] }), {
        traceparent: `00-${TRACE_ID}-${CALLER}-01`,
        'X-Request-Id': 'order-of-ann',
      });
      expect(placed.status).toBe(201);
      const order = `${CALLER} > POST /api/orders`;
      const expected = [
        order,
        `${order} > INSERT`,
        `${order} > event order.placed > SELECT`,
        `${order} > event order.placed > job send_mail > SELECT`,
        `${order} > webhook delivery > POST`,
        `${order} > webhook delivery > UPDATE`,
      ];
      await eventually(() => expected.every((one) => paths().includes(one)), 20);
      expect(await requestSpan('order-of-ann')).toMatchObject({
        service: 'cartwright',
        isError: false,
        attributes: {
          'http.request.method': 'POST',
          'http.route': '/api/orders',
          'http.response.status_code': 201,
          'user.id': ann.id,
        },
      });
      const [delivery] = receiver.received;
      expect(delivery?.headers.traceparent).toMatch(`00-${TRACE_ID}-`);
    });

    it('have the id that stands in the log lines', () => {
      const lines = running.program.logs.filter(({ traceId }) => traceId === TRACE_ID);
      expect(lines).toContainEqual(expect.objectContaining({ event: 'request', requestId: 'order-of-ann' }));
      expect(lines).toContainEqual(expect.objectContaining({ event: 'job_done' }));
    });

    it('name the route of an answer that is kept, and of an unknown one none', async () => {
      const read = (id: string) => running.api.get('/categories?limit=7', { 'X-Request-Id': id });
      await read('made');
      expect((await read('kept')).headers.get('x-cache')).toBe('HIT');
      await running.api.get('/nothing', { 'X-Request-Id': 'unknown' });
      for (const id of ['made', 'kept']) expect((await requestSpan(id)).name).toBe('GET /api/categories');
      expect((await requestSpan('unknown')).name).toBe('GET');
    });

    it('are not made of what machines ask', async () => {
      for (const path of ['//health', '//health/ready', '//metrics'])
        expect((await running.api.get(path, { 'X-Request-Id': 'machine' })).status).toBe(200);
      await running.api.get('/categories', { 'X-Request-Id': 'person' });
      await requestSpan('person');
      expect(collector.spans.filter(({ attributes }) => attributes['request.id'] === 'machine')).toEqual([]);
      const roots = collector.spans.filter(({ parentId }) => parentId === '').map(({ name }) => name);
      expect(roots.filter((name) => !/^(GET|POST|job|event|webhook)\b/.test(name))).toEqual([]);
    });

    if (TEST_REDIS_URL) {
      it('name the commands of Redis and nothing of their keys', async () => {
        await arrived(({ name }) => name === 'redis-GET');
        const commands = collector.spans.filter(({ attributes }) => attributes['db.system.name'] === 'redis');
        expect(
          commands.filter(({ attributes }) => !/^\w+$/.test(String(attributes['db.query.text']))),
        ).toEqual([]);
      });
    }

    it('hold no value of a statement, no query and nothing of a person', async () => {
      await running.api.post('/auth/login', { email: ann.email, password: 'another horse 42' });
      const search = await running.api.get('/products?q=what-ann-looks-for', {
        'X-Request-Id': 'search',
        'User-Agent': 'Phone-of-Ann',
      });
      expect(search.status).toBe(200);
      await requestSpan('search');
      await arrived(({ name }) => name === 'POST /api/auth/login');
      expect(isIndiscreet(collector.received)).toBe(false);
      expect(collector.received).not.toMatch(/Ann Buyer|looks-for|Phone-of|of-the-hook/);
    });

    it('are said once to be lost when the collector takes none, and when it does again', async () => {
      const logged = (event: string) => running.program.logs.filter((line) => line.event === event);
      const ask = (id: string) => running.api.get('/categories', { 'X-Request-Id': id });
      collector.status = 400;
      await eventually(async () => Boolean(await ask('lost')) && logged('traces_not_sent').length > 0, 20);
      const before = collector.received.length;
      await eventually(async () => Boolean(await ask('lost')) && collector.received.length > before, 20);
      collector.status = 200;
      await ask('found');
      await requestSpan('found');
      await eventually(() => logged('traces_sent_again').length > 0);
      expect(logged('traces_not_sent')).toHaveLength(1);
      expect(logged('traces_sent_again')).toHaveLength(1);
    });

    it('are sent to the last when the program ends', async () => {
      await running.api.get('/categories', { 'X-Request-Id': 'last' });
      expect((await stop(running)).code).toBe(0);
      await requestSpan('last');
    });
  });

  it('cost no answer and no orderly end when the collector never answers', async () => {
    const hole: Server = net.createServer().listen(0, '127.0.0.1');
    await once(hole, 'listening');
    const running = await start(shop, {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(hole.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_TIMEOUT: '60000',
      OTEL_BSP_SCHEDULE_DELAY: '10',
    });
    try {
      const connected = once(hole, 'connection');
      expect((await running.api.get('/categories')).status).toBe(200);
      await connected;
      expect((await running.api.get('/categories')).status).toBe(200);
      // 1 when it takes longer than it may.
      expect((await stop(running)).code).toBe(0);
    } finally {
      await running.program.kill();
      hole.close();
    }
  });

  it('take nothing where nobody wants them: no more is loaded than the metrics need', async () => {
    const running = await start(shop, { REDIS_URL: TEST_REDIS_URL ?? '' });
    try {
      await running.api.get('/categories');
      expect(await stop(running)).toEqual({ code: 0, packages: ['@opentelemetry/api'] });
      expect(running.program.output).not.toContain('traceId');
    } finally {
      await running.program.kill();
    }
  });
});
