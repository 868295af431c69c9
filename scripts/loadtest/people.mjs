/*
 * Who visits the shop: customers, guests where no more accounts are given, and one editor. A person is a function that
 * makes one visit, a few requests with pauses between.
 */
import { randomUUID } from 'node:crypto';
import { CommandError } from '../ensure.mjs';

const PASSWORD = `loadtest ${randomUUID()}`;
const ADDRESS = { street: '1 Test Street', city: 'Testville', zipCode: '12345', country: 'US' };
/** Registering costs the shop a hash each: few at a time. */
const REGISTERED_AT_ONCE = 4;

const pick = (list) => list[Math.floor(Math.random() * list.length)];
const chance = (share) => Math.random() < share;

/** Looks what there is, signs people up, and tells what is not as one would expect. */
export async function openShop(client, { users, editor }) {
  const catalogue = await readCatalogue(client);
  const notes = [];
  const tokens = await register(client, users);
  if (tokens.length < users)
    notes.push(
      `Accounts: the shop gave ${tokens.length} of ${users} (RATE_LIMIT_REGISTER_PER_HOUR counts by address). ` +
        'The other users shop as guests and do not order.',
    );
  const staff = await signIn(client, editor);
  if (!staff)
    notes.push(
      'No edits: the shop does not know the editor. Say --editor E-MAIL:PASSWORD of one that it knows.',
    );
  const customers = tokens.map((token) => customer(client, catalogue, { authorization: `Bearer ${token}` }));
  const guests = Array.from({ length: users - tokens.length }, () => customer(client, catalogue, null));
  const people = [...customers, ...guests, ...(staff ? [editorOf(client, catalogue, staff)] : [])];
  return { people, notes, close: () => closeAccounts(client, tokens) };
}

/** @throws CommandError when there is no shop, or nothing to buy */
async function readCatalogue(client) {
  const answer = await client.send('set up', 'GET', '/products?limit=100&inStock=true');
  if (answer.status === 0)
    throw new CommandError(`Nobody answers at ${client.base.origin}. Start the shop first.`);
  if (answer.status !== 200) throw new CommandError(`GET /api/products answered ${answer.status}, not 200.`);
  const products = answer.body.data;
  if (products.length === 0) throw new CommandError('The shop has no products in stock: seed it first.');
  const categories = (await client.send('set up', 'GET', '/categories?limit=100')).body.data ?? [];
  const words = [
    ...new Set(products.flatMap(({ name }) => name.split(/\W+/)).filter((word) => word.length > 3)),
  ];
  return { products, categories, words };
}

async function register(client, count) {
  const tokens = [];
  for (let from = 0; from < count; from += REGISTERED_AT_ONCE) {
    const batch = Array.from({ length: Math.min(REGISTERED_AT_ONCE, count - from) }, () =>
      client.send('set up', 'POST', '/auth/register', {
        body: { email: `loadtest-${randomUUID()}@example.com`, password: PASSWORD },
      }),
    );
    const answers = await Promise.all(batch);
    tokens.push(...answers.filter(({ status }) => status === 201).map(({ body }) => body.accessToken));
    if (answers.some(({ status }) => status === 429)) break;
  }
  return tokens;
}

async function signIn(client, editor) {
  const [email, ...rest] = editor.split(':');
  const body = { email, password: rest.join(':') };
  const { status, body: session } = await client.send('set up', 'POST', '/auth/login', { body });
  return status === 200 ? { authorization: `Bearer ${session.accessToken}` } : null;
}

async function closeAccounts(client, tokens) {
  for (let from = 0; from < tokens.length; from += REGISTERED_AT_ONCE) {
    await Promise.all(
      tokens.slice(from, from + REGISTERED_AT_ONCE).map((token) =>
        client.send('clean up', 'DELETE', '/users/me', {
          headers: { authorization: `Bearer ${token}` },
          body: { password: PASSWORD },
        }),
      ),
    );
  }
}

/** Of a hundred visits 45 look around, 30 search, 17 fill a cart, 8 order. */
function customer(client, catalogue, headers) {
  const visitor = { catalogue, headers };
  visitor.send = (operation, method, path, body) =>
    client.send(operation, method, path, { headers: visitor.headers ?? {}, body });
  return async (pause) => {
    const dice = Math.random();
    if (dice < 0.45) await browse(visitor, pause);
    else if (dice < 0.75) await search(visitor, pause);
    else if (dice < 0.92) await fillCart(visitor, pause);
    else await order(visitor, pause);
  };
}

async function browse({ send, catalogue }, pause) {
  if (chance(0.3)) await send('category tree', 'GET', '/categories/tree');
  const category = pick(catalogue.categories);
  const filter = category && chance(0.5) ? `&category=${category.slug}` : '';
  const { body } = await send(
    'product list',
    'GET',
    `/products?limit=20${filter}&page=${1 + Math.floor(Math.random() * 3)}`,
  );
  await pause();
  const seen = body.data?.length ? body.data : catalogue.products;
  for (let look = 0; look < 2; look++) {
    await send('product', 'GET', `/products/${pick(seen).id}`);
    await pause();
  }
}

/** Types the first letters of a word, looks at what is suggested, and searches. */
async function search({ send, catalogue }, pause) {
  const word = pick(catalogue.words);
  for (const length of [2, 3])
    await send('suggestions', 'GET', `/products/suggest?q=${encodeURIComponent(word.slice(0, length))}`);
  const q = encodeURIComponent(chance(0.2) ? `${word} ${pick(catalogue.words)}` : word);
  await send('search', 'GET', `/products?limit=20&q=${q}`);
  if (chance(0.3)) await send('facets', 'GET', `/products/facets?q=${q}`);
  await pause();
}

async function fillCart(visitor, pause) {
  const { send, catalogue } = visitor;
  if (!visitor.headers) await becomeGuest(visitor);
  if (!visitor.headers) return pause();
  const { id } = pick(catalogue.products);
  await send('add to cart', 'POST', '/cart/items', { productId: id, quantity: 1 });
  await pause();
  await send('cart', 'GET', '/cart');
  await pause();
  if (chance(0.5)) await send('change cart', 'PUT', `/cart/items/${id}`, { quantity: 2 });
  if (chance(0.3)) await send('empty cart', 'DELETE', '/cart');
  await pause();
}

/** A guest gets a cart with the first thing that is put into it. */
async function becomeGuest(visitor) {
  const { status, body } = await visitor.send('guest cart', 'POST', '/carts');
  if (status === 201) visitor.headers = { 'x-cart-token': body.token };
}

async function order({ send, catalogue, headers }, pause) {
  if (!headers?.authorization) return pause();
  const body = {
    items: [{ productId: pick(catalogue.products).id, quantity: 1 }],
    shippingAddress: ADDRESS,
    paymentMethod: 'credit_card',
  };
  const { status, body: placed } = await send('place order', 'POST', '/orders', body);
  await pause();
  if (status === 201) await send('order', 'GET', `/orders/${placed.id}`);
  await send('own orders', 'GET', '/orders?limit=10');
  await pause();
}

/** Changes a price or a stock, or sends an order on. */
function editorOf(client, { products }, headers) {
  const send = (operation, method, path, body) => client.send(operation, method, path, { headers, body });
  return async (pause) => {
    const { id, price } = pick(products);
    const dice = Math.random();
    if (dice < 0.4) await send('edit product', 'PATCH', `/products/${id}`, { price });
    else if (dice < 0.7)
      await send('add stock', 'POST', `/products/${id}/stock-adjustments`, { delta: 5, reason: 'Load test' });
    else await processOrder(send);
    await pause();
  };
}

async function processOrder(send) {
  const { body } = await send('all orders', 'GET', '/orders?limit=5&status=pending');
  const [waiting] = body.data ?? [];
  if (waiting) await send('order status', 'PUT', `/orders/${waiting.id}/status`, { status: 'processing' });
}
