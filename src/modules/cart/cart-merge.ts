import type { Quantity, SellableProduct } from '../products/stock.service';
import { MAX_PRODUCTS, MAX_QUANTITY } from './cart-rules';

/** What a cart holds: of a locked cart, what merging looks at. */
interface Contents {
  items: readonly Quantity[];
  /** Null while it is empty. */
  currency: string | null;
  couponId: string | null;
}

type Product = Pick<SellableProduct, 'stock' | 'currency'>;

/**
 * What changes in a user's cart when a guest's comes to it: the items whose quantity rises, and the currency and the
 * coupon as they are then. Quantities add up to the stock, and to 999, at the most; what the user had is never less
 * than before. Left out is what is not for sale, what has another currency than the user's cart, and what would be more
 * than 100 products, the last ones first. The guest's coupon is taken where the user has none.
 * @param products those of the guest's that are for sale
 */
export function mergeCarts(
  user: Contents,
  guest: Contents,
  products: ReadonlyMap<string, Product>,
): Contents {
  const currency = user.currency ?? guest.currency;
  const quantities = new Map(user.items.map(({ productId, quantity }) => [productId, quantity]));
  const raised: Quantity[] = [];
  for (const { productId, quantity } of guest.items) {
    const present = quantities.get(productId) ?? 0;
    const hasPlace = present > 0 || quantities.size < MAX_PRODUCTS;
    const most = hasPlace ? mostOf(products.get(productId), currency) : 0;
    if (most <= present) continue;
    const sum = Math.min(present + quantity, most);
    quantities.set(productId, sum);
    raised.push({ productId, quantity: sum });
  }
  return {
    items: raised,
    currency: quantities.size > 0 ? currency : null,
    couponId: user.couponId ?? guest.couponId,
  };
}

/** So many units of the product a cart of this currency may come to hold. */
function mostOf(product: Product | undefined, currency: string | null): number {
  return product && product.currency === currency ? Math.min(product.stock, MAX_QUANTITY) : 0;
}
