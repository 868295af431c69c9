import { v7 as uuidv7 } from 'uuid';
import { lineTotal, shareOf, sumMinor } from '../src/common/money/money';
import type { Coupon } from '../src/modules/coupons/entities/coupon.entity';
import type { Order } from '../src/modules/orders/entities/order.entity';
import type { StoredProduct } from '../src/modules/products/import/product-plan';
import type { SeedOrder } from './content/orders';
import { SEED_ADDRESSES, SEED_ORDERS_EMAIL } from './content/users';
import { type TimelineStep, timelineOf } from './order-timeline';

interface OrderedItem {
  product: StoredProduct;
  quantity: number;
  lineTotalMinor: number;
}

export interface PlannedOrder {
  row: Order;
  items: readonly OrderedItem[];
  timeline: readonly TimelineStep[];
}

interface Circumstances {
  customerId: string;
  products: readonly StoredProduct[];
  coupon: Coupon | null;
  now: Date;
}

const DAY = 86_400_000;
/** So that an order of today was placed in the past. */
const MINUTES_45 = 2_700_000;

/** The order as it would have come about, or null when its products or coupon were changed so that it cannot. */
export function planOrder(
  seed: SeedOrder,
  { customerId, products, coupon, now }: Circumstances,
): PlannedOrder | null {
  const items = toItems(seed, products);
  const money = items && priceOf(items, coupon);
  if (!money) return null;
  const placedAt = new Date(now.getTime() - seed.placedDaysAgo * DAY - MINUTES_45);
  const timeline = timelineOf(seed, placedAt);
  const used = { couponId: coupon?.id ?? null, couponCode: coupon?.code ?? null };
  return {
    row: { ...toOrder(seed, timeline, placedAt), ...money, ...used, userId: customerId },
    items,
    timeline,
  };
}

/** Null when a product is missing or short of stock. */
function toItems(seed: SeedOrder, products: readonly StoredProduct[]): OrderedItem[] | null {
  const bySku = new Map(products.map((product) => [product.sku, product]));
  const items = seed.items.flatMap(({ sku, quantity }) => {
    const product = bySku.get(sku);
    if (!product || product.stock < quantity) return [];
    return [{ product, quantity, lineTotalMinor: lineTotal(product.priceMinor, quantity) }];
  });
  return items.length === seed.items.length ? items : null;
}

type OrderMoney = Pick<Order, 'currency' | 'subtotalMinor' | 'discountMinor' | 'totalMinor'>;

/** Null when the currencies differ, or when the coupon asks for a larger order. */
function priceOf(items: readonly OrderedItem[], coupon: Coupon | null): OrderMoney | null {
  const currencies = new Set([
    ...items.map(({ product }) => product.currency),
    ...(coupon ? [coupon.currency] : []),
  ]);
  const [currency, ...others] = currencies;
  const subtotalMinor = sumMinor(items.map(({ lineTotalMinor }) => lineTotalMinor));
  if (currency === undefined || others.length > 0 || subtotalMinor < (coupon?.minPurchaseMinor ?? 0))
    return null;
  const discountMinor = coupon ? discountOf(coupon, subtotalMinor) : 0;
  return { currency, subtotalMinor, discountMinor, totalMinor: subtotalMinor - discountMinor };
}

function discountOf(coupon: Coupon, subtotalMinor: number): number {
  const { discountBasisPoints, discountAmountMinor, maxDiscountMinor } = coupon;
  const full =
    discountBasisPoints === null ? (discountAmountMinor ?? 0) : shareOf(subtotalMinor, discountBasisPoints);
  return Math.min(full, maxDiscountMinor ?? full, subtotalMinor);
}

type OrderBasis = Omit<
  Order,
  'userId' | 'currency' | 'subtotalMinor' | 'discountMinor' | 'totalMinor' | 'couponId' | 'couponCode'
>;

function toOrder(seed: SeedOrder, timeline: readonly TimelineStep[], placedAt: Date): OrderBasis {
  const { key, status, paymentMethod, paymentStatus, trackingNumber, note, shipTo } = seed;
  return {
    id: uuidv7(),
    number: key,
    status,
    paymentMethod,
    paymentStatus,
    shippingAddress: { ...SEED_ADDRESSES[shipTo] },
    billingAddress: { ...SEED_ADDRESSES.home },
    trackingNumber,
    note,
    customerEmail: SEED_ORDERS_EMAIL,
    cartId: null,
    cartVersion: null,
    idempotencyKey: null,
    version: timeline.length,
    createdAt: placedAt,
    updatedAt: timeline.at(-1)?.at ?? placedAt,
    deletedAt: null,
  };
}
