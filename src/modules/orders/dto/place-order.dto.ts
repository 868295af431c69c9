import { ApiProperty } from '@nestjs/swagger';
import { ArrayMinSize, IsDefined, IsIn, IsNumber, Min } from 'class-validator';
import { AddressDto } from '../../../common/address/address.dto';
import {
  IdField,
  Line,
  Nested,
  NestedList,
  Nullable,
  Optional,
  Text,
  WholeNumber,
} from '../../../common/validation/fields';
import { MAX_QUANTITY } from '../../cart/cart.service';
import { PAYMENT_METHODS, type PaymentMethod } from '../entities/order.entity';

export class OrderItemDto {
  @IdField()
  productId: string;

  @WholeNumber(1, MAX_QUANTITY)
  quantity: number;
}

export class PlaceOrderDto {
  @IsDefined()
  @Nested(() => AddressDto)
  shippingAddress: AddressDto;

  /** The same as shipping when null or left out. */
  @Nullable()
  @Nested(() => AddressDto)
  billingAddress?: AddressDto | null;

  @IsIn(PAYMENT_METHODS)
  @ApiProperty({ enum: PAYMENT_METHODS, enumName: 'PaymentMethod' })
  paymentMethod: PaymentMethod;

  /** Wins over the cart's coupon. */
  @Nullable()
  @Line(100)
  couponCode?: string | null;

  /** Orders just these, at most 100 products; without it, the cart is ordered and emptied. A product that comes twice is added up. */
  @Optional()
  @ArrayMinSize(1)
  @NestedList(() => OrderItemDto)
  items?: OrderItemDto[];

  /** What the customer saw, in major units: another total gives 409 `price_changed` and no order. */
  @Nullable()
  @Min(0)
  @IsNumber()
  @ApiProperty({ minimum: 0 })
  expectedTotal?: number | null;

  @Nullable()
  @Text(1000)
  note?: string | null;
}
