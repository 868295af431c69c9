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
  coupon: Coupon | null;
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
  const currency = items[0]?.product.currency;
  const isPossible =
    items.length === seed.items.length && items.every(({ product }) => product.currency === currency);
  if (!isPossible || currency === undefined) return null;

  const subtotalMinor = sumMinor(items.map(({ lineTotalMinor }) => lineTotalMinor));
  if (coupon && (coupon.currency !== currency || subtotalMinor < (coupon.minPurchaseMinor ?? 0))) return null;
  const discountMinor = coupon ? discountOf(coupon, subtotalMinor) : 0;
  const money = { currency, subtotalMinor, discountMinor, totalMinor: subtotalMinor - discountMinor };
  const placedAt = new Date(now.getTime() - seed.placedDaysAgo * DAY - MINUTES_45);
  const timeline = timelineOf(seed, placedAt);
  const row = { ...toOrder(seed, timeline, placedAt), ...money, userId: customerId };
  return {
    row: { ...row, couponId: coupon?.id ?? null, couponCode: coupon?.code ?? null },
    items,
    coupon,
    timeline,
  };
}

/** Fewer than were asked for when one is missing or short of stock. */
function toItems(seed: SeedOrder, products: readonly StoredProduct[]): OrderedItem[] {
  const bySku = new Map(products.map((product) => [product.sku, product]));
  return seed.items.flatMap(({ sku, quantity }) => {
    const product = bySku.get(sku);
    if (!product || product.stock < quantity) return [];
    return [{ product, quantity, lineTotalMinor: lineTotal(product.priceMinor, quantity) }];
  });
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
