import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type CursorMeta, ListMeta, ListMetaSchema, type PageMeta } from '../../../common/http/page.response';
import { type ProductAttributes, PRODUCT_STATUSES, type ProductStatus } from '../entities/product.entity';

export class ProductCategory {
  id: string;
  name: string;
  slug: string;
}

export class ImageSizes {
  small: string;
  medium: string;
  large: string;
}

export class ImageResponse {
  id: string;
  alt: string | null;
  position: number;
  url: string;
  sizes: ImageSizes;
}

export class ProductResponse {
  id: string;
  sku: string | null;
  name: string;
  slug: string;
  description: string | null;
  /** Major units of `currency`. */
  price: number;
  compareAtPrice: number | null;
  /** ISO 4217. */
  currency: string;
  /** Units that can be sold. */
  stock: number;
  inStock: boolean;
  /** For staff only: absent for others. */
  lowStockThreshold?: number | null;
  category: ProductCategory | null;
  imageUrl: string | null;
  images: ImageResponse[];
  featured: boolean;
  @ApiProperty({ enum: PRODUCT_STATUSES, enumName: 'ProductStatus' })
  status: ProductStatus;
  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] },
  })
  attributes: ProductAttributes;
  version: number;
  createdAt: string;
  updatedAt: string;
}

const MATCHES = ['similar', 'some'] as const;

/** How a search was relaxed: words as they may have been meant, or not all of the words. */
type Relaxed = (typeof MATCHES)[number];

export class ProductListMetaSchema extends ListMetaSchema {
  /** Only where there are more than 10,000: `totalItems` is an estimate. */
  isEstimate?: boolean;
  /** Only where no product has all words of `q`. `similar`: words as they may have been meant; `some`: some of the words. */
  @ApiPropertyOptional({ enum: MATCHES })
  match?: Relaxed;
}

export type ProductPageMeta = PageMeta & { isEstimate?: boolean; match?: Relaxed };

export type ProductCursorMeta = CursorMeta & { match?: Relaxed };

export class ProductPage {
  data: ProductResponse[];
  @ListMeta(ProductListMetaSchema)
  meta: ProductPageMeta | ProductCursorMeta;
}

/** A product as it is suggested while somebody types. */
export class ProductSuggestion {
  id: string;
  name: string;
  slug: string;
  imageUrl: string | null;
}

export class ProductSuggestions {
  /** At most 10, the best first. */
  data: ProductSuggestion[];
}

/** One row of the stock ledger. */
export class StockMovementResponse {
  id: string;
  delta: number;
  reason: string;
  /** The stock after it. */
  stock: number;
  createdAt: string;
}

export class StockMovementPage {
  data: StockMovementResponse[];
  @ListMeta()
  meta: PageMeta | CursorMeta;
}
