import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsDefined,
  IsIn,
  IsNumber,
  IsString,
  MaxLength,
  Min,
} from 'class-validator';
import { AddressDto } from '../../../common/address/address.dto';
import {
  IdField,
  Nested,
  NestedList,
  Nullable,
  Optional,
  Text,
  Trim,
  WholeNumber,
} from '../../../common/validation/fields';
import { MAX_PRODUCTS, MAX_QUANTITY } from '../../cart/cart.service';
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
  @Trim()
  @IsString()
  @MaxLength(100)
  couponCode?: string | null;

  /** Orders just these; without it, the cart is ordered and emptied. A product that comes twice is added up. */
  @Optional()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_PRODUCTS)
  @NestedList(() => OrderItemDto)
  items?: OrderItemDto[];

  /** What the customer saw, in major units: another total gives 409 `price_changed` and no order. */
  @Nullable()
  @IsNumber()
  @Min(0)
  @ApiProperty({ minimum: 0 })
  expectedTotal?: number | null;

  @Nullable()
  @Text(1000)
  note?: string | null;
}
