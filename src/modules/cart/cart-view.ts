import type { EntityManager } from 'typeorm';
import { versionTag } from '../../common/http/etag';
import { fromBigint } from '../../common/money/money.column';
import { cappedSumMinor, lineTotal, toMajor } from '../../common/money/money';
import type { ImageUrlsService } from '../products/image-urls.service';
import { issueOf } from '../products/stock.service';
import { type CartOwner, ownedBy } from './cart-owner';
import type { CartItemResponse, CartResponse, GuestCartResponse } from './dto/cart.response';

/** A cart with its items at today's prices, in minor units. */
export interface CartState {
  id: string;
  /** Null for a guest's. */
  userId: string | null;
  currency: string;
  couponId: string | null;
  version: number;
  updatedAt: Date;
  items: CartItemResponse[];
  subtotalMinor: number;
}

interface Row {
  id: string;
  userId: string | null;
  currency: string | null;
  couponId: string | null;
  version: number;
  updatedAt: Date;
  productId: string | null;
  quantity: number;
  name: string;
  slug: string;
  sku: string | null;
  imageUrl: string | null;
  imageId: string | null;
  stock: number;
  priceMinor: string;
  productCurrency: string;
  isActive: boolean;
}

interface CartReading {
  storeCurrency: string;
  urls: ImageUrlsService;
}

/** Reads somebody's cart in one statement, whatever its size. Null when there is none. */
export async function readCart(
  owner: CartOwner,
  { storeCurrency, urls }: CartReading,
  tx: EntityManager,
): Promise<CartState | null> {
  const { column, value } = ownedBy(owner);
  const rows = await tx.query<Row[]>(
    `SELECT c.id, c.user_id AS "userId", c.currency, c.coupon_id AS "couponId", c.version, c.updated_at AS "updatedAt",
            i.product_id AS "productId", i.quantity, p.name, p.slug, p.sku, p.image_url AS "imageUrl", p.stock,
            (SELECT image.id FROM product_images image
              WHERE image.product_id = p.id AND image.position = 0) AS "imageId",
            p.price_minor AS "priceMinor", p.currency AS "productCurrency",
            p.status = 'active' AND p.deleted_at IS NULL AS "isActive"
       FROM carts c
       LEFT JOIN cart_items i ON i.cart_id = c.id
       LEFT JOIN products p ON p.id = i.product_id
      WHERE c.${column} = $1
      ORDER BY i.created_at, i.product_id`,
    [value],
  );
  const [cart] = rows;
  const shown = rows.map((row) => ({ ...row, imageUrl: urls.mainOf(row.imageId, row.imageUrl) }));
  return cart ? toState(cart, shown, cart.currency ?? storeCurrency) : null;
}

function toState(
  { id, userId, couponId, version, updatedAt }: Row,
  rows: Row[],
  currency: string,
): CartState {
  const items = rows.filter(({ productId }) => productId !== null).map((row) => toItem(row, currency));
  const counted = items.filter(({ item }) => item.issue !== 'unavailable');
  return {
    id,
    userId,
    currency,
    couponId,
    version,
    updatedAt,
    items: items.map(({ item }) => item),
    subtotalMinor: cappedSumMinor(counted.map(({ totalMinor }) => totalMinor)),
  };
}

/** A product whose currency was changed since can no longer be bought with this cart. */
function toItem(row: Row, currency: string): { item: CartItemResponse; totalMinor: number } {
  const { name, slug, sku, imageUrl, stock, quantity, productCurrency } = row;
  const productId = row.productId ?? '';
  const priceMinor = fromBigint(row.priceMinor);
  const totalMinor = lineTotal(priceMinor, quantity);
  const item = {
    productId,
    product: { id: productId, name, slug, sku, imageUrl, stock },
    quantity,
    unitPrice: toMajor(priceMinor, productCurrency),
    lineTotal: toMajor(totalMinor, productCurrency),
    issue: issueOf(row.isActive && productCurrency === currency, stock, quantity),
  };
  return { item, totalMinor };
}

interface AppliedCoupon {
  code: string;
  description: string | null;
  discountMinor: number;
}

/** What the API shows of a cart. */
export function toCartResponse(cart: CartState, applied: AppliedCoupon | null): CartResponse {
  const { id, currency, items, subtotalMinor, version, updatedAt } = cart;
  const discountMinor = applied?.discountMinor ?? 0;
  return {
    id,
    currency,
    items,
    itemCount: items.reduce((units, { quantity }) => units + quantity, 0),
    subtotal: toMajor(subtotalMinor, currency),
    coupon: applied && { code: applied.code, description: applied.description },
    discount: toMajor(discountMinor, currency),
    total: toMajor(subtotalMinor - discountMinor, currency),
    version,
    updatedAt: updatedAt.toISOString(),
  };
}

/** The entity tag of a cart: it changes with all that the cart shows, prices and stock too. */
export function cartTag(cart: CartResponse): string {
  return versionTag(cart.version, cart);
}

/** The tag that a read of the new cart has: it does not show the token. */
export function guestCartTag(cart: GuestCartResponse): string {
  return cartTag({ ...cart, token: undefined } as CartResponse);
}
