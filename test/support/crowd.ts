import { setTimeout as sleep } from 'node:timers/promises';
import { atOnce } from './answers';
import type { Answer, ApiClient, Json } from './api-client';
import { startTestApp, type TestApp } from './app';
import { orderOf, Shop, unique } from './shop';

/** A shop of two instances over one database, and customers of whom every second one is served by each. */
export interface Crowd {
  shop: Shop;
  other: TestApp;
  buyers: ApiClient[];
  close(): Promise<void>;
}

/** How many sign up at once: each costs a hash. */
const SIGN_UPS = 20;

export async function openCrowd(size: number): Promise<Crowd> {
  const shop = await Shop.open();
  const { databaseUrl, jwtSecret } = shop.test;
  const other = await startTestApp({ databaseUrl, settings: { JWT_SECRET: jwtSecret } });
  const people = [];
  while (people.length < size)
    people.push(...(await shop.customers(Math.min(SIGN_UPS, size - people.length))));
  const close = async (): Promise<void> => {
    await other.close();
    await shop.close();
  };
  const buyers = people.map(({ api, accessToken }, index) => (index % 2 ? api : other.api.as(accessToken)));
  return { shop, other, buyers, close };
}

/** All want one unit of a new product at the same time. */
export async function rushFor(units: number, { shop, buyers }: Crowd): Promise<Answer<Json>[]> {
  const { id } = await shop.product({ stock: units });
  const body = orderOf({ items: [{ productId: id, quantity: 1 }] });
  return Promise.all(buyers.map((buyer) => order(buyer, body)));
}

/** Each fills a cart with the products, every second time in the opposite order, and checks it out; so many times over. */
export async function checkOutOften(
  times: number,
  products: readonly Json[],
  { buyers }: Crowd,
): Promise<Answer<Json>[]> {
  const items = products.map(({ id }) => ({ productId: id, quantity: 1 }));
  const perBuyer = await Promise.all(
    buyers.map(async (buyer, index) => {
      const answers: Answer<Json>[] = [];
      for (let time = 0; time < times; time++) {
        const inOrder = (index + time) % 4 < 2 ? items : items.toReversed();
        await served(() => buyer.put('/cart/items', { items: inOrder }));
        answers.push(await order(buyer, orderOf()));
      }
      return answers;
    }),
  );
  return perBuyer.flat();
}

/** Products that there are so many of. */
export function products(count: number, stock: number, { shop }: Crowd): Promise<Json[]> {
  return atOnce(count, () => shop.product({ stock }));
}

/** The deadlocks that the instances meet from now on, whether or not a customer sees them. */
export function deadlocksOf({ shop, other }: Crowd): () => number {
  const logs = [shop.test, other].map(({ dataSource }) => jest.spyOn(dataSource.logger, 'logQueryError'));
  return () =>
    logs.flatMap(({ mock }) => mock.calls).filter(([error]) => /deadlock/.test(String(error))).length;
}

function order(buyer: ApiClient, body: object): Promise<Answer<Json>> {
  const key = { 'Idempotency-Key': unique() };
  return served(() => buyer.post('/orders', body, key));
}

/** Comes again after a while when the shop is too busy, as a slow machine may be, just as its 503 asks. */
async function served(request: () => Promise<Answer<Json>>): Promise<Answer<Json>> {
  for (;;) {
    const answer = await request();
    if (answer.status !== 503) return answer;
    await sleep(Number(answer.headers.get('retry-after')) * 1000 * (0.5 + Math.random()));
  }
}
