import { Balancer } from './support/balancer';
import type { BuiltServer } from './support/built-server';
import { isPromised, times } from './support/extent';
import { eventually } from '../support/app';
import { type FaultShop, openFaultShop } from './support/fault-shop';
import { report } from './support/report';
import type { Attempt } from './support/shopper';
import { Shoppers } from './support/shoppers';
import { expectWhole, expectWholePool, judge } from './support/verdict';

/** A machine that is busy with other things may be too slow to serve everybody in time, which is another matter. */
function isOfTheRestart({ status, detail }: Attempt): boolean {
  return status !== 503 || /restarts/.test(detail ?? '');
}

const RESTARTS = times(2, 20);

describe('a shop of two instances behind a balancer', () => {
  let shop: FaultShop;
  let other: BuiltServer;
  let balancer: Balancer;

  beforeAll(async () => {
    shop = await openFaultShop({ settings: { SHUTDOWN_DELAY_MS: '3000' } });
    other = await shop.server.another();
    await other.start();
    balancer = await Balancer.before(shop.server, other);
  });

  afterAll(async () => {
    balancer.close();
    await other.close();
    await shop.close();
  });

  it('fails no request while its instances are asked to stop under load, one after the other', async () => {
    const shoppers = await Shoppers.gather(8, shop, balancer.api);
    const stops: number[] = [];
    shoppers.start();
    for (let restart = 0; restart < RESTARTS; restart++) {
      const instance = restart % 2 === 0 ? shop.server : other;
      await shoppers.buy(20);
      const askedAt = performance.now();
      const exit = await instance.terminate();
      stops.push(performance.now() - askedAt);
      expect(exit).toEqual({ code: 0, signal: null });
      await instance.start();
      await eventually(() => balancer.uses(instance), 10);
    }
    await shoppers.rest();
    const verdict = await judge(shop, shoppers);
    const failed = shoppers.attempts.filter(({ status }) => status === 0 || status >= 500);
    const note = `${failed.length} failed requests, exit 0 after at most ${Math.round(Math.max(...stops))} ms`;
    report({ fault: 'SIGTERM, rolling', tries: RESTARTS, verdict, note });
    expectWhole(verdict);
    expect(failed.filter((attempt) => isPromised || isOfTheRestart(attempt))).toEqual([]);
    expect(Math.max(...stops)).toBeLessThan(15_000);
    await expectWholePool(shop, shoppers);
  });
});
