import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { toStoredAddress } from '../../common/address/address.dto';
import type { AuthenticatedUser } from '../../common/auth/authenticated-user';
import { together } from '../../common/database/together';
import { DomainError, invalid } from '../../common/errors/domain-error';
import { Events } from '../../common/events/events';
import type { IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Idempotency } from '../../common/idempotency/idempotency.service';
import { Metrics } from '../../common/metrics/metrics';
import { toMajor, toMinor } from '../../common/money/money';
import { holdAccount } from '../../common/personal-data/hold-account';
import { addUp, CartService, commonCurrency, type LockedCart, MAX_PRODUCTS } from '../cart/cart.service';
import { type CouponReference, type Quote, RedemptionsService } from '../coupons/redemptions.service';
import { type Quantity, type SellableProduct, StockService } from '../products/stock.service';
import type { PlaceOrderDto } from './dto/place-order.dto';
import type { OrderResponse } from './dto/order.response';
import { insertOrder, type NewOrder } from './insert-order';
import { placedOrder } from './order-announcements';
import { type PricedItem, priceItems, subtotalOf } from './order-pricing';
import { toOrderResponse } from './order-view';

/** What an order is made from. */
interface Locked {
  /** Null for an order of given items. */
  cart: LockedCart | null;
  wanted: readonly Quantity[];
  products: ReadonlyMap<string, SellableProduct>;
}

/** An order worked out, before it is written. Amounts are in minor units. */
interface Draft {
  items: PricedItem[];
  currency: string;
  subtotalMinor: number;
  quote: Quote | null;
}

/**
 * Places orders in one transaction: the account is kept from erasure; the cart's lock, the products' locks in the order of their ids, the coupon's;
 * then order, items, history, stock, ledger, redemption, event and the empty cart move together or not at all.
 */
@Injectable()
export class PlaceOrderService {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly cart: CartService,
    private readonly stock: StockService,
    private readonly redemptions: RedemptionsService,
    private readonly events: Events,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Orders the given items, or the cart.
   * @throws DomainError `cart_empty`, `product_unavailable`, `insufficient_stock`, `currency_mismatch`,
   * `price_changed`, any coupon error
   */
  async place(
    user: AuthenticatedUser,
    dto: PlaceOrderDto,
    request: IdempotentRequest,
  ): Promise<OrderResponse> {
    let isNew = false;
    const answer = await this.idempotency.run(request, async (tx) => {
      const locked = await this.lock(user.id, dto, tx);
      const draft = await this.draft(user, dto.couponCode, locked, tx);
      assertExpected(draft, dto.expectedTotal);
      const newOrder = toNewOrder({ user, dto, cart: locked.cart, draft, idempotencyKey: request.key });
      const { order, items } = await insertOrder(newOrder, draft.items, tx);
      const placed = toOrderResponse(order, items);
      await together([
        this.stock.take(items, order, tx),
        draft.quote && this.redemptions.redeem(draft.quote, order, tx),
        this.events.record([placedOrder(placed)], tx),
      ]);
      isNew = true;
      return placed;
    });
    if (isNew) this.metrics.countOrder();
    return answer;
  }

  /** The account's lock, then the cart's, then the products': what waits for no answer goes along with what is before it. */
  private async lock(userId: string, { items }: PlaceOrderDto, tx: EntityManager): Promise<Locked> {
    const account = (): Promise<void> => holdAccount(userId, tx);
    if (items) {
      const wanted = addUp(items);
      assertProducts(wanted);
      const [, products] = await together([account(), this.stock.lockForSale(wanted, tx)]);
      return { cart: null, wanted, products };
    }
    const [, cart] = await together([account(), this.cart.takeForOrder(userId, tx)]);
    return { cart, wanted: cart.items, products: await this.stock.lockForSale(cart.items, tx) };
  }

  private async draft(
    { id: userId }: AuthenticatedUser,
    couponCode: string | null | undefined,
    { cart, wanted, products }: Locked,
    tx: EntityManager,
  ): Promise<Draft> {
    const bound = cart?.currency ? [cart.currency] : [];
    const currency =
      commonCurrency([...bound, ...[...products.values()].map((product) => product.currency)]) ?? '';
    const items = priceItems(wanted, products);
    const subtotalMinor = subtotalOf(items);
    const reference = couponReference(couponCode, cart);
    const purchase = { userId, subtotalMinor, currency };
    const quote = reference && (await this.redemptions.quoteForOrder(reference, purchase, tx));
    return { items, currency, subtotalMinor, quote };
  }
}

/** @throws DomainError `validation_failed` past 100 different products */
function assertProducts(wanted: readonly Quantity[]): void {
  if (wanted.length > MAX_PRODUCTS)
    throw invalid('items', 'array_max_size', `items must name no more than ${MAX_PRODUCTS} products.`);
}

/** The code that is given wins over the coupon of the cart. */
function couponReference(code: string | null | undefined, cart: LockedCart | null): CouponReference | null {
  if (code !== null && code !== undefined) return { code };
  return cart?.couponId ? { couponId: cart.couponId } : null;
}

function totalOf({ subtotalMinor, quote }: Draft): number {
  return subtotalMinor - (quote?.discountMinor ?? 0);
}

/** @throws DomainError `price_changed` with the new total */
function assertExpected(draft: Draft, expected: number | null | undefined): void {
  if (expected === null || expected === undefined) return;
  const { currency } = draft;
  const totalMinor = totalOf(draft);
  if (toMinor(expected, currency, 'expectedTotal') === totalMinor) return;
  throw new DomainError('price_changed', 'The total is another one now. Nothing was ordered.', {
    extra: { total: toMajor(totalMinor, currency), currency },
  });
}

/** What an order is made of. */
interface Placing {
  user: AuthenticatedUser;
  dto: PlaceOrderDto;
  cart: LockedCart | null;
  draft: Draft;
  idempotencyKey: string | null;
}

function toNewOrder({ user, dto, cart, draft, idempotencyKey }: Placing): NewOrder {
  return {
    ...amountsOf(draft),
    userId: user.id,
    customerEmail: user.email,
    paymentMethod: dto.paymentMethod,
    shippingAddress: toStoredAddress(dto.shippingAddress),
    billingAddress: toStoredAddress(dto.billingAddress ?? dto.shippingAddress),
    note: dto.note ?? null,
    cartId: cart?.id ?? null,
    cartVersion: cart?.version ?? null,
    idempotencyKey,
  };
}

type Amounts = Pick<
  NewOrder,
  'currency' | 'subtotalMinor' | 'discountMinor' | 'totalMinor' | 'couponId' | 'couponCode'
>;

function amountsOf(draft: Draft): Amounts {
  const { currency, subtotalMinor, quote } = draft;
  return {
    currency,
    subtotalMinor,
    discountMinor: quote?.discountMinor ?? 0,
    totalMinor: totalOf(draft),
    couponId: quote?.couponId ?? null,
    couponCode: quote?.code ?? null,
  };
}
