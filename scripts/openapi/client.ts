/*
 * A client of the API as a mobile developer would write it, over the types that openapi-typescript makes from the
 * document. It is compiled, not run: it fails to compile when the document does not say what an app must know.
 */
import createClient from 'openapi-fetch';
import type { components, paths } from '../../dist/openapi/schema';

type Product = components['schemas']['ProductResponse'];
type Order = components['schemas']['OrderResponse'];
type Problem = components['schemas']['ProblemResponse'];

type Api = ReturnType<typeof createClient<paths>>;

/** Lists in a query are one parameter, with commas, as the document says of them. */
const querySerializer = { array: { style: 'form', explode: false } } as const;

/** A refusal, with the code that an app decides by. */
class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`);
  }

  /** What to show beside each field of a form. */
  get fields(): Map<string, string> {
    return new Map(this.problem.errors?.map(({ field, message }) => [field, message]));
  }
}

/** Registers, finds something, orders it, and returns what the app shows at the end. */
export async function shop(baseUrl: string): Promise<string> {
  const api = createClient<paths>({ baseUrl, querySerializer });
  const token = await register(api);
  const headers = { authorization: `Bearer ${token}` };
  const signedIn = createClient<paths>({ baseUrl, querySerializer, headers });
  const product = await findProduct(api);
  await addToCart(signedIn, product);
  const order = await placeOrder(signedIn, product.price);
  return `${order.number} ${order.status} ${order.total.toFixed(2)} ${order.currency}`;
}

async function register(api: Api): Promise<string> {
  const { data, error } = await api.POST('/api/auth/register', {
    body: { email: 'ann@example.com', password: 'correct horse', firstName: 'Ann' },
  });
  if (!data) throw new Refusal(error);
  return data.accessToken;
}

async function findProduct(api: Api): Promise<Product> {
  const { data, error } = await api.GET('/api/products', {
    params: {
      query: { q: 'mug', inStock: true, maxPrice: 40, sort: ['-createdAt', 'name'], page: 1, limit: 20 },
    },
  });
  if (!data) throw new Refusal(error);
  const [product] = data.data;
  if (!product) throw new Error(`Nothing found among ${data.meta.totalItems} products`);
  return product;
}

async function addToCart(api: Api, { id, stock }: Product): Promise<void> {
  const { data, error } = await api.POST('/api/cart/items', {
    body: { productId: id, quantity: Math.min(stock, 2) },
  });
  if (!data) throw new Refusal(error);
  const problems = data.items.filter(({ issue }) => issue !== null);
  if (problems.length > 0) throw new Error(`${problems[0]?.product.name ?? ''} cannot be ordered`);
}

async function placeOrder(api: Api, expectedTotal: number): Promise<Order> {
  const { data, error } = await api.POST('/api/orders', {
    params: { header: { 'Idempotency-Key': 'one-order' } },
    body: {
      shippingAddress: { street: '1 Main Street', city: 'Springfield', zipCode: '12345', country: 'US' },
      paymentMethod: 'credit_card',
      expectedTotal,
    },
  });
  if (!data) throw new Refusal(error);
  return data;
}
