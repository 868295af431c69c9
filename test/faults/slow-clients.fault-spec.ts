import { once } from 'node:events';
import net from 'node:net';
import { eventually } from '../support/app';
import { isPromised, times } from './support/extent';
import { type FaultShop, openFaultShop } from './support/fault-shop';
import { report } from './support/report';
import { isFailure, percentile } from './support/shopper';
import { Shoppers } from './support/shoppers';
import { expectWhole, expectWholePool, judge } from './support/verdict';

const CLIENTS = 500;
const MEASURED_MS = times(3_000, 12_000);
/** What each of them sends at once; after that a byte a second. */
const HEADERS = 'GET /api/products HTTP/1.1\r\nHost: shop.example\r\nX-Slow: ';
const BODY =
  'POST /api/auth/login HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"email":"';

/** A client that takes its time. */
class SlowClient {
  /** After how many milliseconds the server had enough of it. */
  endedAfterMs: number | null = null;
  private readonly socket: net.Socket;
  private readonly drip: NodeJS.Timeout;

  constructor(port: number, start: string) {
    const startedAt = performance.now();
    this.socket = net.connect(port, '127.0.0.1', () => this.socket.write(start));
    this.drip = setInterval(() => this.socket.write('x'), 1_000);
    this.socket.on('error', () => undefined).on('data', () => undefined);
    this.socket.on('close', () => {
      clearInterval(this.drip);
      this.endedAfterMs ??= performance.now() - startedAt;
    });
  }

  async connected(): Promise<void> {
    if (this.socket.connecting) await once(this.socket, 'connect');
  }

  close(): void {
    clearInterval(this.drip);
    this.socket.destroy();
  }
}

describe('a shop with 500 clients that take their time', () => {
  let shop: FaultShop;
  const clients: SlowClient[] = [];

  beforeAll(async () => {
    shop = await openFaultShop();
  });

  afterAll(async () => {
    for (const client of clients) client.close();
    await shop.close();
  });

  async function open(count: number, start: string): Promise<SlowClient[]> {
    const port = Number(new URL(shop.server.api.origin).port);
    const opened = Array.from({ length: count }, () => new SlowClient(port, start));
    clients.push(...opened);
    await Promise.all(opened.map((client) => client.connected()));
    return opened;
  }

  it('serves the others as ever, and has enough of the slow ones in time', async () => {
    const shoppers = await Shoppers.gather(6, shop);
    shoppers.start(async (shopper) => {
      await shopper.shop();
      await shopper.look('/products');
    });
    const usual = await shoppers.measure(MEASURED_MS);
    const slowHeaders = await open(CLIENTS / 2, HEADERS);
    const slowBodies = await open(CLIENTS / 2, BODY);
    const during = await shoppers.measure(MEASURED_MS);
    const [usualP99, p99] = [percentile(99, usual), percentile(99, during)];
    if (isPromised) await eventually(() => clients.every(({ endedAfterMs }) => endedAfterMs !== null), 90);
    await shoppers.rest();
    const verdict = await judge(shop, shoppers);
    const note = `p99 ${usualP99} -> ${p99} ms${isPromised ? `; ended after ${last(slowHeaders)} s in headers, ${last(slowBodies)} s in bodies` : ''}`;
    report({ fault: `${CLIENTS} slow clients`, tries: 1, verdict, note });
    expectWhole(verdict);
    expect(shoppers.attempts.filter(isFailure)).toEqual([]);
    if (isPromised) {
      expect(last(slowHeaders)).toBeLessThan(17);
      expect(last(slowBodies)).toBeLessThan(32);
      expect(p99).toBeLessThan(2 * usualP99 + 5);
    }
    await expectWholePool(shop, shoppers);
  });
});

/** After how many seconds the last of them was ended. */
function last(clients: readonly SlowClient[]): number {
  return Math.round(Math.max(...clients.map(({ endedAfterMs }) => endedAfterMs ?? Infinity)) / 1_000);
}
