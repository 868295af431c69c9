import { versionTag } from '../../common/http/etag';
import { fromBigint } from '../../common/money/money.column';
import { toMajor, toMajorOrNull } from '../../common/money/money';
import type { ProductResponse } from './dto/product.response';
import type { ProductAttributes, ProductStatus } from './entities/product.entity';

/** A product and its category's name, as {@link PRODUCT_COLUMNS} select it. Bigints come as text. */
export interface ProductRow {
  id: string;
  sku: string | null;
  name: string;
  slug: string;
  description: string | null;
  priceMinor: string;
  compareAtPriceMinor: string | null;
  currency: string;
  stock: number;
  lowStockThreshold: number | null;
  categoryId: string | null;
  categoryName: string | null;
  categorySlug: string | null;
  imageUrl: string | null;
  featured: boolean;
  status: ProductStatus;
  attributes: ProductAttributes;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const PRODUCT_COLUMNS = `p.id, p.sku, p.name, p.slug, p.description, p.price_minor AS "priceMinor",
  p.compare_at_price_minor AS "compareAtPriceMinor", p.currency, p.stock, p.low_stock_threshold AS "lowStockThreshold",
  p.category_id AS "categoryId", c.name AS "categoryName", c.slug AS "categorySlug", p.image_url AS "imageUrl",
  p.featured, p.status, p.attributes, p.version, p.created_at AS "createdAt", p.updated_at AS "updatedAt"`;

/** Products and their categories. @param products the table, or a part of its rows under the name `p` */
export function productSource(products = 'products p'): string {
  return `${products} LEFT JOIN categories c ON c.id = p.category_id`;
}

/** What the API shows of a product; staff see `lowStockThreshold`, too. */
export function toProductResponse(row: ProductRow, forStaff: boolean): ProductResponse {
  const { priceMinor, compareAtPriceMinor, currency, lowStockThreshold, stock } = row;
  const formerPrice = compareAtPriceMinor === null ? null : fromBigint(compareAtPriceMinor);
  return {
    id: row.id,
    sku: row.sku,
    name: row.name,
    slug: row.slug,
    description: row.description,
    price: toMajor(fromBigint(priceMinor), currency),
    compareAtPrice: toMajorOrNull(formerPrice, currency),
    currency,
    stock,
    inStock: stock > 0,
    ...(forStaff && { lowStockThreshold }),
    category: categoryOf(row),
    imageUrl: row.imageUrl,
    images: [],
    featured: row.featured,
    status: row.status,
    attributes: row.attributes,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function categoryOf({ categoryId, categoryName, categorySlug }: ProductRow): ProductResponse['category'] {
  if (categoryId === null || categoryName === null || categorySlug === null) return null;
  return { id: categoryId, name: categoryName, slug: categorySlug };
}

/** The entity tag of a product: its version, and its category's name and slug, which change without it. */
export function productTag({ version, category }: ProductResponse): string {
  return versionTag(version, category ? [category.name, category.slug] : undefined);
}
