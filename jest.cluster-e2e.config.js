const base = require('./jest.config.js');

/** The files that need no more of a shop than its address and its database. */
const files = [
  'cart',
  'cart-changes',
  'cart-coupon',
  'categories',
  'coupons',
  'coupons-redeem',
  'guest-carts',
  'guest-carts-merge',
  'orders',
  'orders-idempotency',
  'orders-place',
  'orders-refusals',
  'orders-status',
  'own-account',
  'products-create',
  'products-edit',
  'products-read',
  'products-search',
  'products-search-cursor',
  'products-stock',
  'products-suggest',
  'products-unique',
  'races-orders',
  'races-placing',
  'users-delete',
  'users-list',
];

/** The end-to-end tests through nginx over a cluster, one file after the other: each has the one shop for itself. */
module.exports = {
  ...base,
  testMatch: files.map((name) => `<rootDir>/test/${name}.e2e-spec.ts`),
  maxWorkers: 1,
  globalSetup: '<rootDir>/test/support/cluster-global-setup.ts',
};
