import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { connected } from './support/database';
import { times, within } from './support/extent';
import { type FaultShop, openFaultShop } from './support/fault-shop';
import { report } from './support/report';
import { slowestOf, type Shopper } from './support/shopper';
import { Shoppers } from './support/shoppers';
import { expectWhole, expectWholePool, judge } from './support/verdict';

/** Keeps a product locked, as somebody else's long transaction would. */
function whileLocked<T>({ database }: FaultShop, productId: string, work: () => Promise<T>): Promise<T> {
  return connected(database.url, async (client: Client) => {
    await client.query('BEGIN');
    await client.query('SELECT FROM products WHERE id = $1 FOR UPDATE', [productId]);
    return work();
  });
}

describe('a shop with one connection to its database', () => {
  let shop: FaultShop;

  beforeAll(async () => {
    shop = await openFaultShop({ settings: { DATABASE_POOL_SIZE: '1' } });
  });

  afterAll(() => shop.close());

  it('serves a crowd without waiting for itself, and answers in time while the connection is taken', async () => {
    const shoppers = await Shoppers.gather(20, shop);
    const orders = times(100, 2_000);
    shoppers.start();
    await shoppers.buy(orders);
    await shoppers.rest();
    const busyFrom = performance.now();
    const health = await whileLocked(shop, shop.products[0] ?? '', () => takeConnection(shop, shoppers));
    const firstSuccesses = [await shoppers.firstSuccessAfter(performance.now())];
    await shoppers.rest();
    const verdict = await judge(shop, shoppers);
    const refused = shoppers.attempts.filter(({ status, sentAt }) => status === 503 && sentAt >= busyFrom);
    const looks = refused.filter(({ what }) => what === 'look');
    const note = `503 after ${slowestOf(looks)} ms, /health in ${Math.round(Math.max(...health))} ms`;
    report({ fault: 'pool of 1, full', tries: orders, verdict, firstSuccesses, note });
    expectWhole(verdict);
    expect(looks).not.toEqual([]);
    expect(slowestOf(looks)).toBeLessThan(within(2_500));
    expect(Math.max(...health)).toBeLessThan(within(100));
    await expectWholePool(shop, shoppers, 1);
  });
});

/** Some wait for the locked product, and with them the connection; the others want to see their orders. */
async function takeConnection(shop: FaultShop, shoppers: Shoppers): Promise<number[]> {
  const [productId = ''] = shop.products;
  const waiting = new Set<Shopper>(shoppers.each.slice(0, 3));
  shoppers.start((shopper) =>
    waiting.has(shopper) ? shopper.order([{ productId, quantity: 1 }]) : shopper.look('/orders'),
  );
  const took: number[] = [];
  for (let n = 0; n < times(20, 100); n++) {
    const askedAt = performance.now();
    expect((await shop.server.api.get('//health')).status).toBe(200);
    took.push(performance.now() - askedAt);
    await sleep(200);
  }
  return took;
}

describe('a shop with a product that somebody else has locked', () => {
  let shop: FaultShop;

  beforeAll(async () => {
    shop = await openFaultShop();
  });

  afterAll(() => shop.close());

  it('refuses the orders of it for now, and serves all others', async () => {
    const shoppers = await Shoppers.gather(8, shop);
    const [ann] = shoppers.each;
    const [locked = '', ...others] = shop.products;
    const tries = times(2, 20);
    await whileLocked(shop, locked, async () => {
      shoppers.start((shopper) =>
        shopper.order([{ productId: (shopper === ann ? locked : others[0]) ?? '', quantity: 1 }]),
      );
      while ((ann?.attempts.length ?? 0) < tries) await shoppers.buy(10);
    });
    await shoppers.rest();
    const verdict = await judge(shop, shoppers);
    const refused = shoppers.attempts.filter(({ status }) => status === 503);
    const note = `503 after ${slowestOf(refused)} ms`;
    report({ fault: 'product locked', tries, verdict, note });
    expectWhole(verdict);
    expect(ann?.attempts.slice(0, tries).map(({ status }) => status)).toEqual(Array(tries).fill(503));
    expect(ann?.acknowledged.length).toBeGreaterThan(0);
    expect(slowestOf(refused)).toBeLessThan(within(3_000));
    for (const shopper of shoppers.each.slice(1))
      expect(shopper.attempts.every(({ status }) => status === 201)).toBe(true);
    await expectWholePool(shop, shoppers);
  });
});
