import { ApiProperty } from '@nestjs/swagger';
import { CursorMeta, ListMeta, PageMeta } from '../../../common/http/page.response';
import { PAYMENT_METHODS, type PaymentMethod } from '../entities/order.entity';
import { ORDER_STATUSES, type OrderStatus, PAYMENT_STATUSES, type PaymentStatus } from '../order-status';

/** The product as it was when it was bought. */
export class OrderItemResponse {
  id: string;
  productId: string;
  sku: string | null;
  name: string;
  imageUrl: string | null;
  /** Major units of the order's currency. */
  unitPrice: number;
  quantity: number;
  lineTotal: number;
}

export class AddressResponse {
  fullName: string | null;
  phone: string | null;
  /** Null once the person is erased. */
  street: string | null;
  street2: string | null;
  city: string;
  state: string | null;
  zipCode: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
}

export class OrderCustomer {
  id: string;
  /** Null once the person is erased. */
  email: string | null;
}

export class OrderResponse {
  id: string;
  /** 4 to 24 of A-Z, 0-9 and hyphen. */
  number: string;
  @ApiProperty({ enum: ORDER_STATUSES, enumName: 'OrderStatus' })
  status: OrderStatus;
  @ApiProperty({ enum: PAYMENT_METHODS, enumName: 'PaymentMethod' })
  paymentMethod: PaymentMethod;
  @ApiProperty({ enum: PAYMENT_STATUSES, enumName: 'PaymentStatus' })
  paymentStatus: PaymentStatus;
  /** ISO 4217. */
  currency: string;
  items: OrderItemResponse[];
  subtotal: number;
  discount: number;
  couponCode: string | null;
  /** Of at most fifteen digits, such as 9999999999999.99 USD: an order of more is refused (422 on `items`). */
  total: number;
  shippingAddress: AddressResponse;
  billingAddress: AddressResponse;
  trackingNumber: string | null;
  note: string | null;
  customer: OrderCustomer;
  version: number;
  createdAt: string;
  updatedAt: string;
}

export class OrderPage {
  data: OrderResponse[];
  @ListMeta()
  meta: PageMeta | CursorMeta;
}

export class OrderEventResponse {
  id: string;
  /** Null for placing the order. */
  from: string | null;
  to: string;
  at: string;
  /** Who did it; for staff only: absent for others. */
  by?: string | null;
  note: string | null;
}

export class OrderEventList {
  data: OrderEventResponse[];
}
