import type { NewEvent } from '../../common/events/events';
import { toMajor } from '../../common/money/money';
import { fromBigint } from '../../common/money/money.column';
import type { ProductRow } from './product-view';

/** What others are told of a product. */
export type AnnouncedProduct = Pick<
  ProductRow,
  | 'id'
  | 'sku'
  | 'name'
  | 'slug'
  | 'status'
  | 'priceMinor'
  | 'currency'
  | 'stock'
  | 'lowStockThreshold'
  | 'categoryId'
  | 'version'
>;

/** A product's stock and the level that counts as low; null for none. */
type StockLevel = Pick<ProductRow, 'stock' | 'lowStockThreshold'>;

/** {@link AnnouncedProduct} in SQL. @param table the table's name there */
export function announcedColumns(table: string): string {
  const plain = ['id', 'sku', 'name', 'slug', 'status', 'currency', 'stock', 'version'];
  return `${plain.map((column) => `${table}.${column}`).join(', ')}, ${table}.price_minor AS "priceMinor",
    ${table}.low_stock_threshold AS "lowStockThreshold", ${table}.category_id AS "categoryId"`;
}

/** A new product. That it is made with little stock is no news to who made it: that is no event of its own. */
export function createdProduct(product: AnnouncedProduct): NewEvent {
  return announcement('product.created', product);
}

/** A product that somebody edited, and that it runs low where it did not before. The caller holds its lock. */
export function updatedProduct(before: StockLevel, product: AnnouncedProduct): NewEvent[] {
  return [announcement('product.updated', product), ...fallenLow(before, product)];
}

/** A product whose images changed. */
export function changedImages(product: AnnouncedProduct): NewEvent {
  return announcement('product.updated', product);
}

/** A product that is gone, as it was. */
export function deletedProduct(product: AnnouncedProduct): NewEvent {
  return announcement('product.deleted', product);
}

/**
 * That the product runs low, if it did not before: so it is told once, until there is more again. Both levels are to
 * be seen under the product's lock, or two changes would tell of one fall.
 */
export function fallenLow(before: StockLevel, product: AnnouncedProduct): NewEvent[] {
  if (isLow(before) || !isLow(product)) return [];
  const { id, sku, name, slug, stock, lowStockThreshold, version } = product;
  const data = { productId: id, sku, name, slug, stock, lowStockThreshold, version };
  return [{ type: 'stock.low', subjectType: 'product', subjectId: id, data }];
}

function isLow({ stock, lowStockThreshold }: StockLevel): boolean {
  return lowStockThreshold !== null && stock <= lowStockThreshold;
}

/** Facts by the names that the API gives them; `price` is in major units. The rest is the product's own page. */
function announcement(
  type: 'product.created' | 'product.updated' | 'product.deleted',
  product: AnnouncedProduct,
): NewEvent {
  const { id, sku, name, slug, status, priceMinor, currency, stock, categoryId, version } = product;
  const price = toMajor(fromBigint(priceMinor), currency);
  return {
    type,
    subjectType: 'product',
    subjectId: id,
    data: { productId: id, sku, name, slug, status, price, currency, stock, categoryId, version },
  };
}
