import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength } from 'class-validator';
import { PageQuery } from '../../../common/http/page.query';
import {
  CurrencyField,
  Optional,
  QueryAmount,
  QueryBoolean,
  SearchText,
  SortBy,
} from '../../../common/validation/fields';
import { PRODUCT_STATUSES, type ProductStatus } from '../entities/product.entity';

/** What a list of products, and the facets of it, can be narrowed by. */
export class ProductFilters {
  /**
   * Words to find in name, sku, category name, attributes and description, in any order, also as the beginnings of
   * words. Where no product has all of them, misspelt words find what was meant; else some of the words are enough.
   */
  @Optional()
  @SearchText()
  q?: string;

  /** A category's id or slug; its descendants count, too. */
  @Optional()
  @IsString()
  @MaxLength(200)
  category?: string;

  /** Major units of `currency`, or of the store's. */
  @Optional()
  @QueryAmount()
  minPrice?: number;

  /** Major units of `currency`, or of the store's. */
  @Optional()
  @QueryAmount()
  maxPrice?: number;

  @Optional()
  @QueryBoolean()
  inStock?: boolean;

  @Optional()
  @QueryBoolean()
  featured?: boolean;

  /** Only products priced in this currency (ISO 4217). */
  @Optional()
  @CurrencyField()
  currency?: string;

  /** Staff only; active ones unless told. */
  @Optional()
  @IsIn(PRODUCT_STATUSES)
  @ApiPropertyOptional({ enum: PRODUCT_STATUSES, enumName: 'ProductStatus' })
  status?: ProductStatus;
}

export class ListProductsQuery extends IntersectionType(PageQuery, ProductFilters) {
  /** relevance (the default with `q`), createdAt (`-createdAt` is the default without), price or name. */
  @Optional()
  @SortBy('relevance', 'createdAt', 'price', 'name')
  sort?: string[];
}
