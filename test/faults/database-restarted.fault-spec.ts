import { setTimeout as sleep } from 'node:timers/promises';
import { durablePostgres } from './support/database';
import { startAgain, stopAtOnce } from './support/durable-postgres';
import { times, within } from './support/extent';
import { type FaultShop, openFaultShop } from './support/fault-shop';
import { report } from './support/report';
import { slowestOf } from './support/shopper';
import { Shoppers } from './support/shoppers';
import { expectWhole, expectWholePool, judge } from './support/verdict';

const RESTARTS = times(3, 20);

describe('a shop whose PostgreSQL crashes under load', () => {
  const { dataDir } = durablePostgres();
  let shop: FaultShop;

  beforeAll(async () => {
    shop = await openFaultShop();
  });

  afterAll(() => shop.close());

  it('answers 503 in time while it is away, serves again within five seconds, and loses no order', async () => {
    const shoppers = await Shoppers.gather(10, shop);
    const { pid } = shop.server;
    const firstSuccesses: number[] = [];
    shoppers.start();
    for (let restart = 0; restart < RESTARTS; restart++) {
      await shoppers.buy(50);
      await stopAtOnce(dataDir);
      await sleep(1_500);
      expect((await shop.server.api.get('//health')).status).toBe(200);
      expect(await shop.server.isReady()).toBe(false);
      await startAgain(dataDir);
      firstSuccesses.push(await shoppers.firstSuccessAfter(performance.now()));
    }
    await shoppers.rest();
    const verdict = await judge(shop, shoppers);
    const refused = shoppers.attempts.filter(({ status }) => status === 503);
    const note = `${refused.length} times 503, after at most ${slowestOf(refused)} ms`;
    report({ fault: 'PostgreSQL crashes', tries: RESTARTS, verdict, firstSuccesses, note });
    expectWhole(verdict);
    expect(shop.server.pid).toBe(pid);
    expect(refused.filter(({ retryAfter }) => retryAfter === null)).toEqual([]);
    expect(shoppers.attempts.filter(({ status }) => status === 0)).toEqual([]);
    expect(slowestOf(refused)).toBeLessThan(within(3_000));
    expect(Math.max(...firstSuccesses)).toBeLessThan(within(5_000));
    await expectWholePool(shop, shoppers);
  });
});
