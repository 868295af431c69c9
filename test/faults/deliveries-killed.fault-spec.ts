import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/app';
import { orderOf } from '../support/shop';
import { allMailsSent, MailServer } from '../support/smtp';
import { WebhookReceiver } from '../support/webhook-receiver';
import { CommitProxy } from './support/commit-proxy';
import { isPromised, times } from './support/extent';
import { type FaultShop, openFaultShop } from './support/fault-shop';
import { customersOf, type Receiver, systemBehind } from './support/receivers';
import { report } from './support/report';
import { Shoppers } from './support/shoppers';
import { expectWhole, judge } from './support/verdict';

const KILLS = times(5, 100);
const ORDERS_WHILE_AWAY = times(60, 1_000);
/** What a killed process was at is taken up by another after a minute at most, and what failed comes later and later. */
const PATIENCE_SECONDS = 300;

describe('a shop that tells others of its orders', () => {
  let proxy: CommitProxy;
  let shop: FaultShop;
  let shoppers: Shoppers;
  let receivers: Receiver[];

  beforeAll(async () => {
    const mailServer = await MailServer.start();
    const through = async (url: string): Promise<string> => {
      proxy = await CommitProxy.before(url);
      return proxy.url;
    };
    const webhook = await WebhookReceiver.start();
    // In production a webhook is never on this machine.
    const settings = { ...mailServer.settings, NODE_ENV: 'test', WEBHOOKS_ALLOW_LOOPBACK: 'true' };
    shop = await openFaultShop({ settings, through });
    const registered = await shop.admin.post('/webhooks', { url: webhook.url(), events: ['order.placed'] });
    expect(registered.status).toBe(201);
    shoppers = await Shoppers.gather(5, shop);
    receivers = [customersOf(mailServer), systemBehind(webhook)];
  });

  afterAll(async () => {
    await shop.close();
    proxy.close();
    for (const receiver of receivers) await receiver.close();
  });

  it('and is killed between commit and delivery tells of each at least once, under one id, and of no other', async () => {
    const firstSuccesses: number[] = [];
    shoppers.start((shopper) => shopper.orderAnything().then(() => sleep(50)));
    for (let kill = 0; kill < KILLS; kill++) {
      await shoppers.buy(5);
      await killAtSomeMoment(kill);
      const killedAt = performance.now();
      await shop.server.start();
      firstSuccesses.push(await shoppers.firstSuccessAfter(killedAt));
    }
    await shoppers.rest();
    await refuseSome();
    const heard = await heardOfAll();
    const verdict = await judge(shop, shoppers);
    report({ fault: 'kill -9 before delivery', tries: KILLS, verdict, firstSuccesses, note: told(heard) });
    expectWhole(verdict);
    for (const { of, ids } of heard) {
      expect([...ids.keys()].toSorted()).toEqual(of.toSorted());
      expect([...ids.values()].filter((all) => new Set(all).size > 1)).toEqual([]);
      // Else no process was killed in the middle of a delivery.
      expect([...ids.values()].some((all) => all.length > 1)).toBe(true);
    }
  });

  it('sells at full speed while they are away, and tells of all when they are back', async () => {
    const before = await rate();
    for (const receiver of receivers) await receiver.leave();
    const meanwhile = await rate();
    for (const receiver of receivers) await receiver.comeBack();
    const heard = await heardOfAll();
    const verdict = await judge(shop, shoppers);
    const note = `${before.toFixed(0)} orders a second, ${meanwhile.toFixed(0)} without; ${told(heard)}`;
    report({ fault: 'mail and webhook away', tries: 1, verdict, note });
    expectWhole(verdict);
    for (const { of, ids } of heard) expect([...ids.keys()].toSorted()).toEqual(of.toSorted());
    expect(shoppers.attempts.slice(-ORDERS_WHILE_AWAY).every(({ status }) => status < 500)).toBe(true);
    if (isPromised) expect(meanwhile).toBeGreaterThan(before * 0.7);
  });

  /** Any time after an order was placed, or when somebody was told of one and the shop does not know it yet. */
  async function killAtSomeMoment(kill: number): Promise<void> {
    const receiver = receivers[Math.floor(kill / 2) % receivers.length];
    if (kill % 2 === 1) await receiver?.whenNextHeard(() => shop.server.kill());
    else await sleep(Math.random() * 900).then(() => shop.server.kill());
  }

  /** Orders that are undone at the last moment, or refused, and that nobody asks for again. */
  async function refuseSome(): Promise<void> {
    const [ann] = shoppers.each;
    const items = [{ productId: shop.products[0], quantity: 1 }];
    proxy.onCommit = () => 'before';
    for (let n = 0; n < 5; n++)
      expect((await ann?.api.post('/orders', orderOf({ items })))?.status).toBe(503);
    proxy.onCommit = () => null;
    const refused = await ann?.api.post('/orders', orderOf({ items, expectedTotal: 1 }));
    expect(refused?.body.code).toBe('price_changed');
  }

  async function rate(): Promise<number> {
    const startedAt = performance.now();
    shoppers.start((shopper) => shopper.orderAnything());
    await shoppers.buy(ORDERS_WHILE_AWAY);
    const seconds = (performance.now() - startedAt) / 1_000;
    await shoppers.rest();
    return ORDERS_WHILE_AWAY / seconds;
  }

  /** Spares a short run to wait until what a killed process was at is taken for lost, and until what failed is due. */
  async function hurryWebhooks(): Promise<void> {
    if (isPromised) return;
    await shop.database.query(
      `UPDATE webhook_deliveries SET next_attempt_at = now() WHERE status = 'pending'`,
    );
    await shop.database.query('UPDATE webhooks SET rests_until = NULL');
  }

  /** Waits until there is nothing more to tell. */
  async function heardOfAll(): Promise<Heard[]> {
    await hurryWebhooks();
    const of = shoppers.acknowledged.map(({ number }) => number);
    for (const receiver of receivers)
      await eventually(() => byOrder(receiver).size >= of.length, PATIENCE_SECONDS);
    await allMailsSent(shop.database, PATIENCE_SECONDS);
    return receivers.map((receiver) => ({ name: receiver.name, of, ids: byOrder(receiver) }));
  }
});

interface Heard {
  name: string;
  /** The orders that are to be heard of. */
  of: string[];
  /** The ids under which each order was heard of. */
  ids: Map<string, string[]>;
}

function byOrder(receiver: Receiver): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { order, id } of receiver.heard()) ids.set(order, [...(ids.get(order) ?? []), id]);
  return ids;
}

function told(heard: readonly Heard[]): string {
  const counts = heard.map(({ name, ids }) => {
    const twice = [...ids.values()].filter((all) => all.length > 1).length;
    return `${name} heard of ${ids.size}, of ${twice} twice`;
  });
  return counts.join('; ');
}
