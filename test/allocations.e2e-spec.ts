import path from 'node:path';
import type { Answer, ApiClient, Json } from './support/api-client';
import { eventually } from './support/app';
import { serve, type ServedShop } from './support/program';
import { orderOf, type Person, Shop } from './support/shop';

// The program may have to be built first, on a machine that is busy.
jest.setTimeout(180_000);

const SETTINGS = {
  NODE_OPTIONS: `--require "${path.join(__dirname, 'support', 'tell-allocations.cjs')}"`,
  // What is done by the clock would count for the requests of a slow machine.
  JOBS: 'off',
  ...Object.fromEntries(
    ['CATALOGUE', 'CATALOGUE_USER', 'ACCOUNT', 'CART', 'ORDERS', 'STAFF'].map((name) => [
      `RATE_LIMIT_${name}`,
      '1000000',
    ]),
  ),
};

const PRODUCTS = 50;
/** All products, so that they are kept. Before its code is compiled, a request allocates up to half as much again. */
const WARM_UP = PRODUCTS + 10;
const MEASURED = 60;
/** More than the estimate varies, and than one version of Node differs from the next. */
const TOLERANCE = 1.25;

/** Sends the request with this number, counted over all of them. */
type Send = (n: number) => Promise<Answer<Json>>;

describe('what a request allocates', () => {
  let shop: Shop;
  let served: ServedShop;
  let products: Json[];
  let category: Json;
  let ann: Person;
  let sent = 0;

  beforeAll(async () => {
    shop = await Shop.open();
    category = await shop.category();
    products = await shop.products(PRODUCTS, { price: 1_000, stock: 100_000, categoryId: category.id });
    ann = await shop.customer();
    served = await serve(shop, SETTINGS);
  });

  afterAll(async () => {
    await served.program.kill();
    await shop.close();
  });

  const at = ({ api }: { api: ApiClient }): ApiClient => api.at(served.api.origin);
  const product = (n: number) => products[n % products.length];
  const item = (n: number) => ({ productId: product(n).id, quantity: 1 });

  async function request(send: Send, times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      const { status, body } = await send(sent++);
      if (status >= 400) throw new Error(`Answered ${status}: ${JSON.stringify(body)}`);
    }
  }

  /** In bytes, since it was asked before. */
  async function allocated(): Promise<number> {
    const told = () => served.program.logs.filter(({ event }) => event === 'allocated');
    const before = told().length;
    served.program.signal('SIGUSR2');
    await eventually(() => told().length > before, 30);
    return Number(told().at(-1)?.bytes);
  }

  /** What was measured under Node 20, in kB of 1,000 bytes; Node 24 needs a fifth less. */
  it.each<[string, number, Send]>([
    ['a page that is kept', 78, () => served.api.get('/products?limit=20')],
    ['a page of a category that is kept', 78, () => served.api.get(`/products?category=${category.slug}`)],
    ['a product that is kept', 78, (n) => served.api.get(`/products/${product(n).slug}`)],
    [
      'a page that is not',
      370,
      (n) => served.api.get(`/products?limit=20&page=${1 + (n % 5)}&minPrice=${n / 100}`),
    ],
    ['a search', 390, (n) => served.api.get(`/products?q=product&limit=20&minPrice=${n / 100}`)],
    ['suggestions', 240, (n) => served.api.get(`/products/suggest?q=prod${n}`)],
    ['a look at the cart', 200, () => at(ann).get('/cart')],
    ['adding to the cart', 335, (n) => at(ann).post('/cart/items', item(n % 5))],
    ['a list of orders', 265, () => at(ann).get('/orders?limit=20')],
    ['an order of two', 490, (n) => at(ann).post('/orders', orderOf({ items: [item(n), item(n + 1)] }))],
    [
      'an edit of a product',
      405,
      (n) => at(shop.editor).patch(`/products/${product(n).id}`, { featured: n % (2 * PRODUCTS) < PRODUCTS }),
    ],
  ])('%s: %d kB', async (_, kilobytes, send) => {
    await request(send, WARM_UP);
    await allocated();
    await request(send, MEASURED);
    const each = (await allocated()) / MEASURED / 1_000;
    expect(each).toBeLessThan(kilobytes * TOLERANCE);
    expect(each).toBeGreaterThan(kilobytes / 2);
  });
});
