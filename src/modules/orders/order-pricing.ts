import { lineTotal, sumMinor } from '../../common/money/money';
import type { Quantity, SellableProduct } from '../products/stock.service';

/** An item of an order before it is written: a copy of the product, priced. Amounts are in minor units. */
export interface PricedItem {
  productId: string;
  sku: string | null;
  name: string;
  imageUrl: string | null;
  unitPriceMinor: number;
  quantity: number;
  lineTotalMinor: number;
}

/** Copies today's prices onto the items. Every product must be in the map. */
export function priceItems(
  wanted: readonly Quantity[],
  products: ReadonlyMap<string, SellableProduct>,
): PricedItem[] {
  return wanted.flatMap(({ productId, quantity }) => {
    const product = products.get(productId);
    if (!product) return [];
    const { sku, name, imageUrl, priceMinor } = product;
    const lineTotalMinor = lineTotal(priceMinor, quantity);
    return [{ productId, sku, name, imageUrl, unitPriceMinor: priceMinor, quantity, lineTotalMinor }];
  });
}

/** The sum of the line totals, in minor units. */
export function subtotalOf(items: readonly PricedItem[]): number {
  return sumMinor(items.map(({ lineTotalMinor }) => lineTotalMinor));
}
