import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { times, within } from './support/extent';
import { type FaultShop, openFaultShop } from './support/fault-shop';
import { report } from './support/report';
import { Shoppers } from './support/shoppers';
import { expectWhole, expectWholePool, judge } from './support/verdict';

const KILLS = times(5, 20);

describe('a shop whose API is killed under load', () => {
  let shop: FaultShop;
  let shoppers: Shoppers;

  beforeAll(async () => {
    shop = await openFaultShop();
    shoppers = await Shoppers.gather(10, shop);
  });

  afterAll(() => shop.close());

  it('loses no order and doubles none, and serves again within five seconds', async () => {
    const [starts, firstSuccesses]: [number[], number[]] = [[], []];
    shoppers.start();
    for (let kill = 0; kill < KILLS; kill++) {
      await shoppers.buy(50);
      await sleep(Math.random() * 50);
      const killedAt = performance.now();
      await shop.server.kill();
      starts.push(await shop.server.start());
      firstSuccesses.push(await shoppers.firstSuccessAfter(killedAt));
    }
    await shoppers.rest();
    const verdict = await judge(shop, shoppers);
    const note = `ready after at most ${Math.round(Math.max(...starts))} ms`;
    report({ fault: 'kill -9 of the API', tries: KILLS, verdict, firstSuccesses, note });
    expectWhole(verdict);
    expect(Math.max(...starts)).toBeLessThan(within(5_000));
    await expectWholePool(shop, shoppers);
  });

  it('would not hide from its judges what was lost or doubled', async () => {
    const [ann] = shoppers.each;
    const [lost, doubled] = [await ann?.orderAnything(), await ann?.orderAnything()];
    await shop.database.query(`UPDATE orders SET number = 'LOST' WHERE id = $1`, [lost?.id]);
    await shop.database.query(
      `INSERT INTO orders SELECT (jsonb_populate_record(o, '{"id": "${randomUUID()}", "number": "DOUBLE"}')).*
         FROM orders o WHERE id = $1`,
      [doubled?.id],
    );
    const verdict = await judge(shop, shoppers);
    expect([verdict.lost, verdict.doubled]).toEqual([[lost?.number], ['DOUBLE']]);
    expect(verdict.broken).toEqual(
      expect.arrayContaining([expect.stringMatching(/^I7 a user has one order per/)]),
    );
    await shop.database.query(`DELETE FROM orders WHERE number = 'DOUBLE'`);
    await shop.database.query('UPDATE orders SET number = $2 WHERE id = $1', [lost?.id, lost?.number]);
    expectWhole(await judge(shop, shoppers));
  });
});
