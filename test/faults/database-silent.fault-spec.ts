import { setTimeout as sleep } from 'node:timers/promises';
import { SlowProxy } from '../support/slow-proxy';
import { times, within } from './support/extent';
import { type FaultShop, openFaultShop } from './support/fault-shop';
import { report } from './support/report';
import { slowestOf } from './support/shopper';
import { Shoppers } from './support/shoppers';
import { expectWhole, expectWholePool, judge } from './support/verdict';

const SILENCES = times(1, 10);

describe('a shop whose PostgreSQL falls silent under load, as a machine does that loses its network', () => {
  let proxy: SlowProxy;
  let shop: FaultShop;

  beforeAll(async () => {
    const through = async (url: string): Promise<string> => {
      proxy = await SlowProxy.before(url);
      return proxy.url;
    };
    shop = await openFaultShop({ through });
  });

  afterAll(async () => {
    await shop.close();
    proxy.close();
  });

  it('answers 503, and serves again within five seconds when it is back, although no connection was closed', async () => {
    const shoppers = await Shoppers.gather(10, shop);
    const firstSuccesses: number[] = [];
    shoppers.start();
    for (let silence = 0; silence < SILENCES; silence++) {
      await shoppers.buy(50);
      proxy.delayMs = Infinity;
      await sleep(8_000);
      expect((await shop.server.api.get('//health')).status).toBe(200);
      proxy.delayMs = 0;
      firstSuccesses.push(await shoppers.firstSuccessAfter(performance.now()));
    }
    await shoppers.rest();
    const verdict = await judge(shop, shoppers);
    const refused = shoppers.attempts.filter(({ status }) => status === 503);
    const note = `${refused.length} times 503, after at most ${slowestOf(refused)} ms`;
    report({ fault: 'PostgreSQL silent', tries: SILENCES, verdict, firstSuccesses, note });
    expectWhole(verdict);
    expect(shoppers.attempts.filter(({ status }) => status === 0)).toEqual([]);
    expect(slowestOf(refused)).toBeLessThan(within(9_000));
    expect(Math.max(...firstSuccesses)).toBeLessThan(within(5_000));
    await expectWholePool(shop, shoppers);
  });
});
