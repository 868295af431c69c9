import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { Nullable, Text } from '../../../common/validation/fields';
import { ORDER_STATUSES, type OrderStatus, PAYMENT_STATUSES, type PaymentStatus } from '../order-status';

export class ChangeStatusDto {
  @IsIn(ORDER_STATUSES)
  @ApiProperty({ enum: ORDER_STATUSES, enumName: 'OrderStatus' })
  status: OrderStatus;

  @Nullable()
  @Text(200)
  trackingNumber?: string | null;

  /** Goes into the order's history. */
  @Nullable()
  @Text(1000)
  note?: string | null;
}

export class ChangePaymentStatusDto {
  @IsIn(PAYMENT_STATUSES)
  @ApiProperty({ enum: PAYMENT_STATUSES, enumName: 'PaymentStatus' })
  paymentStatus: PaymentStatus;
}

export class UpdateOrderDto {
  @Nullable()
  @Text(200)
  trackingNumber?: string | null;

  @Nullable()
  @Text(1000)
  note?: string | null;
}

export class CancelOrderDto {
  @Nullable()
  @Text(1000)
  reason?: string | null;
}
