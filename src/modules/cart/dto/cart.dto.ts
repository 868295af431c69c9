import { Type } from 'class-transformer';
import { IsArray, IsString, MaxLength, ValidateNested } from 'class-validator';
import { IdField, Trim, WholeNumber } from '../../../common/validation/fields';
import { MAX_QUANTITY } from '../cart-rules';

export class CartItemDto {
  @IdField()
  productId: string;

  @WholeNumber(1, MAX_QUANTITY)
  quantity: number;
}

export class SetQuantityDto {
  @WholeNumber(1, MAX_QUANTITY)
  quantity: number;
}

export class SetItemsDto {
  /** The whole cart. A product that comes twice is added up. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CartItemDto)
  items: CartItemDto[];
}

export class CouponCodeDto {
  /** Compared without case. */
  @Trim()
  @IsString()
  @MaxLength(100)
  code: string;
}
