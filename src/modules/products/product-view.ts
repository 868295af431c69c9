import { versionTag } from '../../common/http/etag';
import { fromBigint } from '../../common/money/money.column';
import { toMajor, toMajorOrNull } from '../../common/money/money';
import type { ImageResponse, ProductResponse, ProductSuggestion } from './dto/product.response';
import type { ProductAttributes, ProductStatus } from './entities/product.entity';
import type { ProductImage } from './entities/product-image.entity';
import type { ImageUrlsService } from './image-urls.service';

type ImageRow = Pick<ProductImage, 'id' | 'alt' | 'position'>;

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
  /** What was given; an image of its own goes before it. */
  imageUrl: string | null;
  /** In their order; null for none. */
  images: ImageRow[] | null;
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
  (SELECT json_agg(json_build_object('id', i.id, 'alt', i.alt, 'position', i.position) ORDER BY i.position)
     FROM product_images i WHERE i.product_id = p.id) AS images,
  p.featured, p.status, p.attributes, p.version, p.created_at AS "createdAt", p.updated_at AS "updatedAt"`;

/** Products and their categories. @param products the table, or a part of its rows under the name `p` */
export function productSource(products = 'products p'): string {
  return `${products} LEFT JOIN categories c ON c.id = p.category_id`;
}

/** What the API shows of a product; staff see `lowStockThreshold`, too. */
export function toProductResponse(
  row: ProductRow,
  forStaff: boolean,
  urls: ImageUrlsService,
): ProductResponse {
  const { currency, lowStockThreshold, stock } = row;
  const images = row.images ?? [];
  return {
    id: row.id,
    sku: row.sku,
    name: row.name,
    slug: row.slug,
    description: row.description,
    ...amountsOf(row),
    currency,
    stock,
    inStock: stock > 0,
    ...(forStaff && { lowStockThreshold }),
    category: categoryOf(row),
    imageUrl: urls.mainOf(images[0]?.id, row.imageUrl),
    images: images.map((image) => toImageResponse(image, urls)),
    featured: row.featured,
    status: row.status,
    attributes: row.attributes,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

const shownToGuests = new WeakMap<ProductRow, ProductResponse>();

/** {@link toProductResponse} for guests, made once of a row, so that it is also written once for all pages that show it. */
export function toGuestResponse(row: ProductRow, urls: ImageUrlsService): ProductResponse {
  const known = shownToGuests.get(row);
  if (known) return known;
  const shown = toProductResponse(row, false, urls);
  shownToGuests.set(row, shown);
  return shown;
}

/** A product as {@link SUGGESTION_COLUMNS} select it. */
export interface SuggestionRow extends ProductSuggestion {
  imageId: string | null;
}

export const SUGGESTION_COLUMNS = `p.id, p.name, p.slug, p.image_url AS "imageUrl",
  (SELECT i.id FROM product_images i WHERE i.product_id = p.id ORDER BY i.position LIMIT 1) AS "imageId"`;

export function toSuggestion(
  { id, name, slug, imageId, imageUrl }: SuggestionRow,
  urls: ImageUrlsService,
): ProductSuggestion {
  return { id, name, slug, imageUrl: urls.mainOf(imageId, imageUrl) };
}

/** What the API shows of an image. */
export function toImageResponse({ id, alt, position }: ImageRow, urls: ImageUrlsService): ImageResponse {
  const sizes = urls.sizesOf(id);
  return { id, alt, position, url: sizes.large, sizes };
}

/** In major units. */
export function amountsOf({
  priceMinor,
  compareAtPriceMinor,
  currency,
}: ProductRow): Pick<ProductResponse, 'price' | 'compareAtPrice'> {
  const formerPrice = compareAtPriceMinor === null ? null : fromBigint(compareAtPriceMinor);
  return {
    price: toMajor(fromBigint(priceMinor), currency),
    compareAtPrice: toMajorOrNull(formerPrice, currency),
  };
}

function categoryOf({ categoryId, categoryName, categorySlug }: ProductRow): ProductResponse['category'] {
  if (categoryId === null || categoryName === null || categorySlug === null) return null;
  return { id: categoryId, name: categoryName, slug: categorySlug };
}

/** The entity tag of a product: its version, and its category's name and slug, which change without it. */
export function productTag({ version, category }: Pick<ProductResponse, 'version' | 'category'>): string {
  return versionTag(version, category ? [category.name, category.slug] : undefined);
}

/** {@link productTag} of a row. */
export function rowTag(row: ProductRow): string {
  return productTag({ version: row.version, category: categoryOf(row) });
}
