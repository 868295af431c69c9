import { violatedForeignKey, violatedUnique } from '../../common/database/database-errors';
import { DomainError, invalid } from '../../common/errors/domain-error';
import type { ItemIssue } from './item-issue';

/** Broken constraints as the domain says them; anything else as it came. */
export function translateProductError(error: unknown): unknown {
  switch (violatedUnique(error)) {
    case 'uq_products_slug':
      return new DomainError('slug_taken', 'This slug is taken.');
    case 'uq_products_sku':
      return new DomainError('sku_taken', 'This sku is taken.');
    default:
      return violatedForeignKey(error) === 'fk_products_category_id'
        ? invalid('categoryId', 'unknown_category', 'categoryId names no category.')
        : error;
  }
}

/** A wish for more than there is. */
export interface Shortage {
  productId: string;
  requested: number;
  available: number;
}

/** `insufficient_stock`, naming every product that is short; `available` is the first one's. */
export function insufficientStock(items: readonly Shortage[]): DomainError {
  const available = items[0]?.available ?? 0;
  return new DomainError('insufficient_stock', 'There is not enough stock.', { extra: { available, items } });
}

/** A wish that cannot be met, and why: of what is not for sale, nothing is available. */
interface Refused extends Shortage {
  issue: ItemIssue;
}

/** `product_unavailable`, naming every product that cannot be had as wished: those that are short, too. */
export function productUnavailable(items: readonly Refused[]): DomainError {
  return new DomainError('product_unavailable', 'A product is not for sale.', { extra: { items } });
}

export function tooMuchStock(): DomainError {
  return invalid('delta', 'max', 'The stock would be more than 1,000,000,000.');
}
