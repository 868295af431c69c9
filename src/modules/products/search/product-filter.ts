import type { EntityManager } from 'typeorm';
import { SqlFilter } from '../../../common/database/sql';
import { isUuid } from '../../../common/http/path.pipes';
import { currencyDigits } from '../../../common/money/currency';
import { toMinor } from '../../../common/money/money';
import type { ProductFilters } from '../dto/list-products.query';

/** The filters of a product list, with what the database was asked for: the category's branch. */
export interface ResolvedFilters extends ProductFilters {
  /** The category and everything below it; undefined without a category, empty for an unknown one. */
  branch?: readonly string[];
  storeCurrency: string;
}

/** A filter that a facet of the same thing leaves out. */
export type FilterName = 'category' | 'price' | 'inStock';

/** Finds the category's branch. One statement, or none. */
export async function resolveFilters(
  filters: ProductFilters,
  storeCurrency: string,
  db: EntityManager,
): Promise<ResolvedFilters> {
  const { category } = filters;
  if (category === undefined) return { ...filters, storeCurrency };
  const rows = await db.query<{ id: string }[]>(
    `WITH RECURSIVE branch AS (
       SELECT id FROM categories WHERE ${isUuid(category) ? 'id' : 'slug'} = $1
       UNION SELECT child.id FROM categories child JOIN branch ON child.parent_id = branch.id)
     SELECT id FROM branch`,
    [category],
  );
  return { ...filters, storeCurrency, branch: rows.map(({ id }) => id) };
}

/**
 * The conditions of a product list. Without a status only active products are listed.
 * @param leftOut a filter that does not count
 * @throws DomainError `validation_failed` for a price with more digits than its currency has
 */
export function productFilter(filters: ResolvedFilters, leftOut?: FilterName): SqlFilter {
  const filter = new SqlFilter().add('p.deleted_at IS NULL').add('p.status = ?', filters.status ?? 'active');
  addCurrency(filter, filters);
  if (leftOut !== 'price') addPrices(filter, filters);
  if (leftOut !== 'category') filter.addIf(filters.branch, 'p.category_id = ANY (?::uuid[])');
  if (leftOut !== 'inStock') filter.addIf(filters.inStock, 'p.in_stock = ?');
  // Spelt out, as the index over featured products is.
  if (filters.featured !== undefined) filter.add(filters.featured ? 'p.featured' : 'NOT p.featured');
  return filter;
}

/** Prices are amounts of one currency: the given one, or the store's. */
function addCurrency(
  filter: SqlFilter,
  { currency, minPrice, maxPrice, storeCurrency }: ResolvedFilters,
): void {
  const hasPrice = minPrice !== undefined || maxPrice !== undefined;
  if (hasPrice || currency !== undefined) filter.add('p.currency = ?', currency ?? storeCurrency);
}

function addPrices(
  filter: SqlFilter,
  { currency, minPrice, maxPrice, storeCurrency }: ResolvedFilters,
): void {
  const sortable = (price: number | undefined, field: string): number | undefined =>
    price === undefined ? undefined : sortablePrice(price, currency ?? storeCurrency, field);
  filter.addIf(sortable(minPrice, 'minPrice'), 'p.sort_price >= ?');
  filter.addIf(sortable(maxPrice, 'maxPrice'), 'p.sort_price <= ?');
}

/** Ten-thousandths of the major unit, as the column `sort_price` has them. */
export function sortablePrice(price: number, currency: string, field: string): number {
  return toMinor(price, currency, field) * 10 ** (4 - currencyDigits(currency));
}
