import { ApiProperty } from '@nestjs/swagger';
import { ITEM_ISSUES, type ItemIssue } from '../../products/stock.service';

export class CartProduct {
  id: string;
  name: string;
  slug: string;
  sku: string | null;
  imageUrl: string | null;
  stock: number;
}

export class CartItemResponse {
  productId: string;
  product: CartProduct;
  quantity: number;
  /** Today's price, in major units of the cart's currency. */
  unitPrice: number;
  lineTotal: number;
  /** Why it cannot be ordered as it is; null when it can. */
  @ApiProperty({ enum: ITEM_ISSUES, enumName: 'ItemIssue', nullable: true })
  issue: ItemIssue | null;
}

export class CartCoupon {
  code: string;
  description: string | null;
}

export class CartResponse {
  id: string;
  /** ISO 4217; the store's while the cart is empty. */
  currency: string;
  items: CartItemResponse[];
  /** Units of all products. */
  itemCount: number;
  /** Without the items that are unavailable. Fifteen nines when it is more than can be ordered. */
  subtotal: number;
  coupon: CartCoupon | null;
  /** 0 while the coupon does not apply. */
  discount: number;
  total: number;
  version: number;
  updatedAt: string;
}

export class GuestCartResponse extends CartResponse {
  /** What the app keeps, and sends as `X-Cart-Token`. It is shown here only, and cannot be had again. */
  token: string;
}

export class CouponValidationResponse {
  code: string;
  currency: string;
  discount: number;
  subtotal: number;
  total: number;
}
