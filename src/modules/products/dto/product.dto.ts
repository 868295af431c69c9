import { ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { IsIn, IsString, IsUrl, MaxLength, NotEquals } from 'class-validator';
import {
  IdField,
  Amount,
  CurrencyField,
  Flag,
  Nullable,
  Optional,
  SlugField,
  Text,
  WholeNumber,
} from '../../../common/validation/fields';
import { type ProductAttributes, PRODUCT_STATUSES, type ProductStatus } from '../entities/product.entity';
import { FlatAttributes, MAX_ATTRIBUTES } from './attributes.validator';

/** More units of one product than any shop has. */
export const MAX_STOCK = 1_000_000_000;

/** What a plain image URL may be. */
export const IMAGE_URL = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };

export class CreateProductDto {
  @Text(300)
  name: string;

  /** Major units: 19.99. */
  @Amount()
  price: number;

  /** ISO 4217; the store's unless told. */
  @Optional()
  @CurrencyField()
  currency?: string;

  /** The merchant's code. */
  @Nullable()
  @Text(64)
  sku?: string | null;

  /** Made from the name when left out. */
  @Optional()
  @SlugField()
  slug?: string;

  @Nullable()
  @IsString()
  @MaxLength(10_000)
  description?: string | null;

  /** The former price, in major units. */
  @Nullable()
  @Amount()
  compareAtPrice?: number | null;

  /** 0 unless told. */
  @Optional()
  @WholeNumber(0, MAX_STOCK)
  stock?: number;

  @Nullable()
  @WholeNumber(0, MAX_STOCK)
  lowStockThreshold?: number | null;

  @Nullable()
  @IdField()
  categoryId?: string | null;

  /** http or https. */
  @Nullable()
  @IsUrl(IMAGE_URL)
  @MaxLength(2000)
  imageUrl?: string | null;

  @Optional()
  @Flag()
  featured?: boolean;

  /** active unless told. */
  @Optional()
  @IsIn(PRODUCT_STATUSES)
  @ApiPropertyOptional({ enum: PRODUCT_STATUSES, enumName: 'ProductStatus' })
  status?: ProductStatus;

  /** A flat object of at most 50 strings, numbers and booleans. */
  @Optional()
  @FlatAttributes()
  @ApiPropertyOptional({
    type: 'object',
    maxProperties: MAX_ATTRIBUTES,
    additionalProperties: { oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] },
  })
  attributes?: ProductAttributes;
}

export class UpdateProductDto extends PartialType(CreateProductDto, { skipNullProperties: false }) {}

export class AdjustStockDto {
  /** Units to add, or to take when negative. Not 0. */
  @WholeNumber(-MAX_STOCK, MAX_STOCK)
  @NotEquals(0)
  delta: number;

  /** Why, for the ledger. */
  @Text(500)
  reason: string;
}
