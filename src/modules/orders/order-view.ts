import type { StoredAddress } from '../../common/address/address.dto';
import { versionTag } from '../../common/http/etag';
import { toMajor } from '../../common/money/money';
import type {
  AddressResponse,
  OrderEventResponse,
  OrderItemResponse,
  OrderResponse,
} from './dto/order.response';
import type { OrderEvent } from './entities/order-event.entity';
import type { OrderItem } from './entities/order-item.entity';
import type { Order } from './entities/order.entity';

/** What the API shows of an order. */
export function toOrderResponse(order: Order, items: readonly OrderItem[]): OrderResponse {
  const { currency } = order;
  return {
    id: order.id,
    number: order.number,
    status: order.status,
    paymentMethod: order.paymentMethod,
    paymentStatus: order.paymentStatus,
    currency,
    items: items.map((item) => toItemResponse(item, currency)),
    subtotal: toMajor(order.subtotalMinor, currency),
    discount: toMajor(order.discountMinor, currency),
    couponCode: order.couponCode,
    total: toMajor(order.totalMinor, currency),
    shippingAddress: toAddressResponse(order.shippingAddress),
    billingAddress: toAddressResponse(order.billingAddress),
    trackingNumber: order.trackingNumber,
    note: order.note,
    customer: { id: order.userId, email: order.customerEmail },
    version: order.version,
    createdAt: order.createdAt.toISOString(),
    updatedAt: order.updatedAt.toISOString(),
  };
}

/** In the documented order: the database keeps none. */
function toAddressResponse({
  fullName,
  phone,
  street,
  street2,
  city,
  state,
  zipCode,
  country,
}: StoredAddress): AddressResponse {
  return { fullName, phone, street, street2, city, state, zipCode, country };
}

function toItemResponse(item: OrderItem, currency: string): OrderItemResponse {
  const { id, productId, sku, name, imageUrl, unitPriceMinor, quantity, lineTotalMinor } = item;
  return {
    id,
    productId,
    sku,
    name,
    imageUrl,
    unitPrice: toMajor(unitPriceMinor, currency),
    quantity,
    lineTotal: toMajor(lineTotalMinor, currency),
  };
}

/** One step of an order's history; staff see who took it. */
export function toEventResponse(
  event: Omit<OrderEvent, 'seq' | 'orderId' | 'kind'>,
  forStaff: boolean,
): OrderEventResponse {
  const { id, fromStatus, toStatus, at, byUserId, note } = event;
  return {
    id,
    from: fromStatus,
    to: toStatus,
    at: at.toISOString(),
    ...(forStaff && { by: byUserId }),
    note,
  };
}

/** The entity tag of an order. */
export function orderTag({ version }: { version: number }): string {
  return versionTag(version);
}
