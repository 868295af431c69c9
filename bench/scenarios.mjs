/*
 * What is measured. Each scenario says which requests it sends, what of the same run bounds it, and what is aimed at.
 *   peer      requests or orders a second of the better one of Vendure 3.7 and Medusa 2.21, measured earlier on a machine
 *             of the same kind, with their caching on; `times`: what we aim at, in times of that
 *   limits    what is measured beside it: see limit-server.mjs and pgbench.mjs; `share`: what we aim at, of the first
 */
const UNIQUE = 30_000;
const LIST = '/api/products?limit=20';
const shippingAddress = { street: '1 Main Street', city: 'Springfield', zipCode: '12345', country: 'US' };

const listOf = (service, query) => service.list(query, undefined);

export const SCENARIOS = {
  'catalogue-same': {
    title: 'catalogue page of 20, same URL',
    aim: { peer: 475, times: 12, share: 0.7 },
    limits: ['nest', 'node'],
    steps: () => [{ paths: [LIST] }],
  },
  'catalogue-vary': {
    title: 'catalogue pages, URLs vary',
    aim: { peer: 311, times: 10, share: 0.6 },
    limits: ['pg'],
    ask: listOf,
    queries: () => Array.from({ length: 200 }, (_, n) => pageQuery(n)),
    steps: () => [{ paths: unique((n) => `/api/products?${new URLSearchParams(pageQuery(n))}`) }],
  },
  detail: {
    title: 'product detail',
    aim: { peer: 137, times: 40, share: 0.7 },
    limits: ['nest'],
    steps: ({ products }) => [{ paths: products.map(({ slug }) => `/api/products/${slug}`) }],
  },
  category: {
    title: 'category page',
    aim: { peer: 423, times: 12, share: 0.7 },
    limits: ['nest'],
    steps: ({ categories }) => [
      { paths: categories.map((slug) => `/api/products?category=${slug}&limit=20`) },
    ],
  },
  search: {
    title: 'search, queries vary',
    aim: { peer: 44, times: 20, share: 0.6 },
    limits: ['pg'],
    ask: listOf,
    queries: ({ products }) => Array.from({ length: 200 }, (_, n) => searchQuery(products, n)),
    steps: ({ products }) => [
      { paths: unique((n) => `/api/products?${new URLSearchParams(searchQuery(products, n))}`) },
    ],
  },
  suggest: {
    title: 'suggest, texts vary',
    aim: {},
    limits: ['pg'],
    ask: (service, q) => service.suggest(q),
    queries: ({ products }) => Array.from({ length: 200 }, (_, n) => typed(products, n)),
    steps: ({ products }) => [
      { paths: unique((n) => `/api/products/suggest?q=${encodeURIComponent(typed(products, n))}`) },
    ],
  },
  'not-modified': {
    title: 'catalogue page that the app has (304)',
    aim: {},
    limits: ['nest'],
    steps: ({ etag }) => [{ paths: [LIST], headers: { 'if-none-match': etag } }],
  },
  'cart-add': {
    title: 'add to cart',
    aim: { peer: 27, times: 30, share: 0.4 },
    limits: ['pgbench:cartAdd'],
    isWrite: true,
    steps: ({ products }) => [
      { method: 'POST', paths: ['/api/cart/items'], bodies: itemsOf(products.slice(0, 5)) },
    ],
  },
  'order-list': {
    title: 'list of one’s orders',
    aim: {},
    limits: ['nest'],
    isWrite: true,
    steps: () => [{ paths: ['/api/orders?limit=20'] }],
  },
  edit: {
    title: 'staff edit of a product, and the list read after it',
    aim: {},
    limits: [],
    isWrite: true,
    byEditor: true,
    steps: ({ products }) => [
      {
        method: 'PATCH',
        paths: products.map(({ id }) => `/api/products/${id}`),
        bodies: [JSON.stringify({ featured: true }), JSON.stringify({ featured: false })],
      },
      { paths: [LIST], isPublic: true },
    ],
  },
  'sign-in': {
    title: 'sign-in',
    // A password takes a while, and what the warm-up left behind is checked first: so it ends a moment before.
    load: { connections: 4, seconds: 8, warmUpSeconds: 2, pauseSeconds: 2 },
    aim: { share: 0.95 },
    limits: ['bcrypt'],
    isWrite: true,
    steps: ({ people }) => [
      {
        method: 'POST',
        paths: ['/api/auth/login'],
        bodies: people.map((person) => JSON.stringify(person)),
        isPublic: true,
      },
    ],
  },
  checkout: {
    title: 'whole checkout of 2 items: both adds and the order',
    aim: { peer: 11.1, times: 50 },
    limits: [],
    isWrite: true,
    steps: ({ products }) => [
      { method: 'POST', paths: ['/api/cart/items'], bodies: itemsOf(products) },
      { method: 'POST', paths: ['/api/cart/items'], bodies: itemsOf(products.toReversed()) },
      {
        method: 'POST',
        paths: ['/api/orders'],
        bodies: [JSON.stringify({ shippingAddress, paymentMethod: 'paypal' })],
      },
    ],
  },
  order: {
    title: 'order of 2 items in one POST',
    aim: { share: 0.4 },
    limits: ['pgbench:order'],
    isWrite: true,
    steps: ({ products }) => [
      orderStep(products, (n) => [products[n], products[(n * 7 + 1) % products.length]]),
    ],
  },
  'order-hot': {
    title: 'the same, one of them the same hot product',
    aim: { share: 0.6 },
    limits: ['pgbench:hotOrder'],
    isWrite: true,
    steps: ({ products }) => [orderStep(products.slice(1), (n) => [products[0], products[n + 1]])],
  },
};

function unique(path) {
  return Array.from({ length: UNIQUE }, (_, n) => path(n));
}

/** Pages of the catalogue above ever higher prices: no two are asked with the same URL. */
function pageQuery(n) {
  return { page: 1 + (n % 10), limit: 20, minPrice: (1 + Math.floor(n / 10)) / 100 };
}

/** Two words of a product's name, above a price that differs. */
function searchQuery(products, n) {
  const { name } = products[n % products.length];
  return {
    q: name.split(' ').slice(-2).join(' '),
    limit: 20,
    minPrice: (1 + Math.floor(n / products.length)) / 100,
  };
}

/** The beginning of a product's name, in capital and small letters that differ: the cache knows none of it. */
function typed(products, n) {
  const { name } = products[n % products.length];
  const text = name.slice(0, 4 + (n % 5));
  const round = Math.floor(n / products.length);
  return Array.from(text, (letter, index) =>
    (round >> index) & 1 ? letter.toUpperCase() : letter.toLowerCase(),
  ).join('');
}

function itemsOf(products) {
  return products.map(({ id }) => JSON.stringify({ productId: id, quantity: 1 }));
}

function orderStep(products, pick) {
  const bodies = products.map((_, n) => {
    const items = [...new Set(pick(n))].map(({ id }) => ({ productId: id, quantity: 1 }));
    return JSON.stringify({ items, shippingAddress, paymentMethod: 'paypal' });
  });
  return { method: 'POST', paths: ['/api/orders'], bodies };
}
