export const ITEM_ISSUES = ['out_of_stock', 'insufficient_stock', 'unavailable'] as const;

export type ItemIssue = (typeof ITEM_ISSUES)[number];

/** Why so many units of a product cannot be ordered, or null when they can. */
export function issueOf(isForSale: boolean, stock: number, quantity: number): ItemIssue | null {
  if (!isForSale) return 'unavailable';
  if (stock === 0) return 'out_of_stock';
  return stock < quantity ? 'insufficient_stock' : null;
}
