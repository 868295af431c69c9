import { CommitProxy, type CutMoment } from './support/commit-proxy';
import { times } from './support/extent';
import { type FaultShop, openFaultShop } from './support/fault-shop';
import { report } from './support/report';
import { Shoppers } from './support/shoppers';
import { expectWhole, expectWholePool, judge } from './support/verdict';

const CUTS = times(40, 500);

describe('a shop whose connection to PostgreSQL is cut exactly at COMMIT', () => {
  let proxy: CommitProxy;
  let shop: FaultShop;
  let shoppers: Shoppers;

  beforeAll(async () => {
    const through = async (url: string): Promise<string> => {
      proxy = await CommitProxy.before(url);
      return proxy.url;
    };
    shop = await openFaultShop({ through });
    shoppers = await Shoppers.gather(10, shop);
  });

  afterAll(async () => {
    await shop.close();
    proxy.close();
  });

  it.each<[CutMoment, string, boolean]>([
    ['before', 'places the order', false],
    ['after', 'shows the order that is placed', true],
  ])('%s it reaches the server: the retry with the same key %s', async (moment, _, isReplayed) => {
    const [ann] = shoppers.each;
    const [productId = ''] = shop.products;
    proxy.cutNext(moment);
    expect(await ann?.order([{ productId, quantity: 1 }])).not.toBeNull();
    expect(ann?.attempts.slice(-2)).toEqual([
      expect.objectContaining({ status: 503, retryAfter: expect.any(String) }),
      expect.objectContaining({ status: 201, isReplayed }),
    ]);
  });

  it('again and again under load: loses no order, doubles none and leaks no connection', async () => {
    proxy.onCommit = () => (Math.random() < 0.6 ? null : Math.random() < 0.5 ? 'before' : 'after');
    shoppers.start();
    while (proxy.cuts.before + proxy.cuts.after < CUTS) await shoppers.buy(5);
    proxy.onCommit = () => null;
    await shoppers.rest();
    const verdict = await judge(shop, shoppers);
    const { before, after } = proxy.cuts;
    const note = `${before} times before and ${after} times after COMMIT reached PostgreSQL`;
    report({ fault: 'cut at COMMIT', tries: before + after, verdict, note });
    expectWhole(verdict);
    await expectWholePool(shop, shoppers);
  });
});
