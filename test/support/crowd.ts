import { atOnce } from './answers';
import type { Answer, ApiClient, Json } from './api-client';
import { startTestApp } from './app';
import { orderOf, Shop } from './shop';

/** A shop of two instances over one database, and customers of whom every second one is served by each. */
export interface Crowd {
  shop: Shop;
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
  return { shop, buyers, close };
}

/** All want one unit of a new product at the same time. */
export async function rushFor(units: number, { shop, buyers }: Crowd): Promise<Answer<Json>[]> {
  const { id } = await shop.product({ stock: units });
  const body = orderOf({ items: [{ productId: id, quantity: 1 }] });
  return Promise.all(buyers.map((buyer) => buyer.post('/orders', body)));
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
        await buyer.put('/cart/items', { items: inOrder });
        answers.push(await buyer.post('/orders', orderOf()));
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
