import { DomainError, invalid } from '../../common/errors/domain-error';

/** Units of one product in one cart or order. */
export const MAX_QUANTITY = 999;

/** Different products in one cart or order. */
export const MAX_PRODUCTS = 100;

interface Quantity {
  productId: string;
  quantity: number;
}

/**
 * Adds up the products that come twice, in the order in which they came first.
 * @throws DomainError `validation_failed` past 999 units of one
 */
export function addUp(items: readonly Quantity[]): Quantity[] {
  const quantities = new Map<string, number>();
  for (const [index, { productId, quantity }] of items.entries()) {
    const sum = (quantities.get(productId.toLowerCase()) ?? 0) + quantity;
    assertQuantity(sum, `items[${index}].quantity`);
    quantities.set(productId.toLowerCase(), sum);
  }
  return [...quantities].map(([productId, quantity]) => ({ productId, quantity }));
}

/** @throws DomainError `validation_failed` past 999 units */
export function assertQuantity(quantity: number, field: string): void {
  if (quantity > MAX_QUANTITY)
    throw invalid(field, 'max', `${field} must not be more than ${MAX_QUANTITY} in all.`);
}

/** @throws DomainError `cart_full` past 100 different products */
export function assertNotFull(products: number): void {
  if (products > MAX_PRODUCTS) {
    throw new DomainError('cart_full', `A cart holds at most ${MAX_PRODUCTS} different products.`);
  }
}

/** The one currency of all the products, or null for none. @throws DomainError `currency_mismatch` */
export function commonCurrency(currencies: readonly string[]): string | null {
  const distinct = new Set(currencies);
  if (distinct.size > 1)
    throw new DomainError('currency_mismatch', 'All products of a cart have one currency.');
  return currencies[0] ?? null;
}

export function cartEmpty(): DomainError {
  return new DomainError('cart_empty', 'The cart is empty.');
}
