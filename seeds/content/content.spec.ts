import { SEED_CATEGORIES } from './categories';
import { SEED_COUPONS } from './coupons';
import { generateProducts } from './generate';
import { SEED_ORDERS, type SeedOrder } from './orders';
import { SEED_PRODUCTS } from './products';
import { DEVELOPMENT_USERS, SEED_ADDRESSES, SEED_ORDERS_EMAIL } from './users';

const productBySku = new Map(SEED_PRODUCTS.map((product) => [product.sku, product]));

function distinct<T>(values: Iterable<T>): number {
  return new Set(values).size;
}

function subtotalOf(order: SeedOrder): number {
  return order.items.reduce(
    (sum, { sku, quantity }) => sum + (productBySku.get(sku)?.priceMinor ?? 0) * quantity,
    0,
  );
}

describe('seed categories', () => {
  it('are twelve, with slugs of their own', () => {
    expect(SEED_CATEGORIES).toHaveLength(12);
    expect(distinct(SEED_CATEGORIES.map(({ slug }) => slug))).toBe(12);
  });

  it('come after their parents', () => {
    const seen = new Set<string | null>([null]);
    for (const { slug, parentSlug } of SEED_CATEGORIES) {
      expect(seen).toContain(parentSlug);
      seen.add(slug);
    }
  });

  it('all hold products', () => {
    const filled = new Set(SEED_PRODUCTS.map(({ categorySlug }) => categorySlug));
    expect([...filled].sort()).toEqual(SEED_CATEGORIES.map(({ slug }) => slug).sort());
  });
});

describe('seed products', () => {
  it('are two hundred, each with its own sku, slug, name and description', () => {
    expect(SEED_PRODUCTS).toHaveLength(200);
    for (const key of ['sku', 'slug', 'name', 'description'] as const) {
      expect(distinct(SEED_PRODUCTS.map((product) => product[key]))).toBe(200);
    }
  });

  it('have clean slugs and skus', () => {
    for (const { sku, slug } of SEED_PRODUCTS) {
      expect(sku).toMatch(/^CW-[A-Z]{3}-\d{3}$/);
      expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    }
  });

  it('have whole prices and stock, and a former price only where it was higher', () => {
    for (const { priceMinor, compareAtPriceMinor, stock } of SEED_PRODUCTS) {
      expect(Number.isSafeInteger(priceMinor) && priceMinor >= 0).toBe(true);
      expect(Number.isSafeInteger(stock) && stock >= 0).toBe(true);
      expect(compareAtPriceMinor ?? Infinity).toBeGreaterThan(priceMinor);
    }
  });

  it('have something to show on every screen', () => {
    const featured = SEED_PRODUCTS.filter((product) => product.featured);
    expect(featured).toHaveLength(12);
    expect(featured.every(({ status, stock }) => status === 'active' && stock > 0)).toBe(true);
    expect(distinct(SEED_PRODUCTS.map(({ status }) => status))).toBe(3);
    expect(SEED_PRODUCTS.filter(({ stock }) => stock === 0).length).toBeGreaterThan(5);
  });
});

describe('seed coupons', () => {
  it('have codes of their own and one kind of discount each', () => {
    expect(distinct(SEED_COUPONS.map(({ code }) => code))).toBe(SEED_COUPONS.length);
    for (const { code, discountPercent, discountAmountMinor } of SEED_COUPONS) {
      expect(code).toMatch(/^[A-Z0-9_-]{3,40}$/);
      expect((discountPercent === null) !== (discountAmountMinor === null)).toBe(true);
    }
  });
});

describe('seed orders', () => {
  it('have numbers of their own and show every status', () => {
    expect(distinct(SEED_ORDERS.map(({ key }) => key))).toBe(SEED_ORDERS.length);
    expect(SEED_ORDERS.every(({ key }) => /^[A-Z0-9-]{4,24}$/.test(key))).toBe(true);
    expect(distinct(SEED_ORDERS.map(({ status }) => status))).toBe(5);
  });

  it('contain active products, no more of them than there are', () => {
    for (const { sku, quantity } of SEED_ORDERS.flatMap(({ items }) => items)) {
      expect(productBySku.get(sku)).toMatchObject({ status: 'active' });
      expect(productBySku.get(sku)?.stock).toBeGreaterThanOrEqual(quantity);
    }
  });

  it('use coupons that applied to them', () => {
    const couponByCode = new Map(SEED_COUPONS.map((coupon) => [coupon.code, coupon]));
    for (const order of SEED_ORDERS) {
      if (order.couponCode === null) continue;
      const coupon = couponByCode.get(order.couponCode);
      expect(coupon).toMatchObject({ isActive: true, validFrom: null, validUntil: null });
      expect(subtotalOf(order)).toBeGreaterThanOrEqual(coupon?.minPurchaseMinor ?? 0);
      const uses = SEED_ORDERS.filter(({ couponCode }) => couponCode === order.couponCode).length;
      expect(uses).toBeLessThanOrEqual(coupon?.usageLimitPerUser ?? Infinity);
    }
  });

  it('belong to a seeded customer and go to a known address', () => {
    expect(DEVELOPMENT_USERS.map(({ email }) => email)).toContain(SEED_ORDERS_EMAIL);
    expect(SEED_ORDERS.every(({ shipTo }) => shipTo in SEED_ADDRESSES)).toBe(true);
  });

  it('track what has been shipped and nothing else', () => {
    for (const { status, trackingNumber } of SEED_ORDERS) {
      expect(trackingNumber !== null).toBe(status === 'shipped' || status === 'delivered');
    }
  });
});

describe('generated products', () => {
  const products = [...generateProducts(20_000)];

  it('are the same every time, however many are asked for', () => {
    expect([...generateProducts(1_000)]).toEqual(products.slice(0, 1_000));
  });

  it('are told apart by sku, slug and name, from the written ones too', () => {
    const all = [...products, ...SEED_PRODUCTS];
    for (const key of ['sku', 'slug', 'name'] as const) {
      expect(distinct(all.map((product) => product[key]))).toBe(all.length);
    }
  });

  it('lie in known categories at whole prices', () => {
    const slugs = new Set(SEED_CATEGORIES.map(({ slug }) => slug));
    expect(products.every(({ categorySlug }) => slugs.has(categorySlug))).toBe(true);
    expect(products.every(({ priceMinor }) => Number.isSafeInteger(priceMinor) && priceMinor > 0)).toBe(true);
    const reduced = products.filter(({ compareAtPriceMinor }) => compareAtPriceMinor !== null);
    expect(reduced.every((product) => (product.compareAtPriceMinor ?? 0) > product.priceMinor)).toBe(true);
  });
});
