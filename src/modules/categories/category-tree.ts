import type { CategoryNode, CategoryResponse } from './dto/category.response';

/**
 * Nests categories, in the order in which they come, and adds up the products of each branch.
 * @param ownCounts active products directly in each category
 */
export function buildTree(
  categories: readonly CategoryResponse[],
  ownCounts: ReadonlyMap<string, number>,
): CategoryNode[] {
  const childrenOf = new Map<string | null, CategoryResponse[]>();
  for (const category of categories) {
    const siblings = childrenOf.get(category.parentId) ?? [];
    siblings.push(category);
    childrenOf.set(category.parentId, siblings);
  }
  const nest = (category: CategoryResponse): CategoryNode => {
    const children = (childrenOf.get(category.id) ?? []).map(nest);
    const below = children.reduce((sum, child) => sum + child.productCount, 0);
    return { ...category, productCount: (ownCounts.get(category.id) ?? 0) + below, children };
  };
  return (childrenOf.get(null) ?? []).map(nest);
}
