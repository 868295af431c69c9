import { IdField, Line, NestedList, WholeNumber } from '../../../common/validation/fields';
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
  @NestedList(() => CartItemDto)
  items: CartItemDto[];
}

export class CouponCodeDto {
  /** Compared without case. */
  @Line(100)
  code: string;
}
