import { containsPattern, orderBy, SqlFilter } from '../../common/database/sql';
import { isUuid } from '../../common/http/path.pipes';
import { toMinorOrNull } from '../../common/money/money';
import type { ListProductsQuery } from './dto/list-products.query';

/** A relaxed search tries each of its words on every product, so it has no more than these. */
export const MAX_RELAXED_WORDS = 10;

const SORT_COLUMNS = { createdAt: 'p.created_at', price: 'p.price_minor', name: 'p.name' };

const SEARCHED = `concat_ws(' ', p.name, p.sku, p.description, c.name)`;

/** The words of a search, each once; none for a blank one. */
export function searchWords(q: string | undefined): string[] {
  const words = (q ?? '').split(/\s+/).filter((word) => word !== '');
  return [...new Set(words)];
}

/**
 * The conditions of a product list. Without a status only active products are listed.
 * @param needs whether a product must have every word or any of them
 * @throws DomainError `validation_failed` for a price with more digits than its currency has
 */
export function productFilter(
  query: ListProductsQuery,
  storeCurrency: string,
  words: string[],
  needs: 'all' | 'any',
): SqlFilter {
  const filter = new SqlFilter().add('p.deleted_at IS NULL').add('p.status = ?', query.status ?? 'active');
  addPrices(filter, query, storeCurrency);
  if (query.category !== undefined) addCategory(filter, query.category);
  if (query.inStock !== undefined) filter.add(query.inStock ? 'p.stock > 0' : 'p.stock = 0');
  filter.addIf(query.featured, 'p.featured = ?');
  if (words.length > 0) filter.add(`${SEARCHED} ILIKE ${needs} (?::text[])`, words.map(containsPattern));
  return filter;
}

function addPrices(filter: SqlFilter, query: ListProductsQuery, storeCurrency: string): void {
  const currency = query.currency ?? storeCurrency;
  const hasPrice = query.minPrice !== undefined || query.maxPrice !== undefined;
  if (hasPrice || query.currency !== undefined) filter.add('p.currency = ?', currency);
  filter.addIf(toMinorOrNull(query.minPrice, currency, 'minPrice'), 'p.price_minor >= ?');
  filter.addIf(toMinorOrNull(query.maxPrice, currency, 'maxPrice'), 'p.price_minor <= ?');
}

/** The category and everything below it. */
function addCategory(filter: SqlFilter, idOrSlug: string): void {
  filter.add(
    `p.category_id IN (
       WITH RECURSIVE branch AS (
         SELECT id FROM categories WHERE ${isUuid(idOrSlug) ? 'id' : 'slug'} = ?
         UNION SELECT child.id FROM categories child JOIN branch ON child.parent_id = branch.id)
       SELECT id FROM branch)`,
    idOrSlug,
  );
}

/**
 * The order of a product list. Relevance, the best first: an exact sku, then how many of the words the product
 * has, then how many its name has, then what is in stock, then the newest.
 */
export function productOrder(query: ListProductsQuery, words: string[], filter: SqlFilter): string {
  const hasWords = words.length > 0;
  const terms = (query.sort ?? ['relevance'])
    .map((term) => (term === 'relevance' ? '-relevance' : term))
    .filter((term) => hasWords || term !== '-relevance');
  const isRanked = terms.includes('-relevance');
  const columns = isRanked ? { ...SORT_COLUMNS, relevance: relevance(query, words, filter) } : SORT_COLUMNS;
  return orderBy(terms.length > 0 ? terms : ['-createdAt'], columns, 'p.id');
}

function relevance(query: ListProductsQuery, words: string[], filter: SqlFilter): string {
  const sku = filter.parameter(query.q?.trim());
  const patterns = filter.parameter(words.map(containsPattern));
  const wordsIn = (text: string): string =>
    `(SELECT count(*) FROM unnest(${patterns}::text[]) word WHERE ${text} ILIKE word)`;
  return `(coalesce(lower(p.sku) = lower(${sku}), false), ${wordsIn(SEARCHED)}, ${wordsIn('p.name')}, p.stock > 0, p.created_at)`;
}
