import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { together } from '../../common/database/together';
import { Transactions } from '../../common/database/transactions';
import { notFound } from '../../common/errors/domain-error';
import type { Precondition } from '../../common/http/etag';
import { toMajor } from '../../common/money/money';
import { PersonalData } from '../../common/personal-data/personal-data';
import { ENV, type Env } from '../../config/env';
import { RedemptionsService } from '../coupons/redemptions.service';
import { ImageUrlsService } from '../products/image-urls.service';
import {
  assertForSale,
  assertInStock,
  type Quantity,
  type SellableProduct,
  StockService,
} from '../products/stock.service';
import type { CartOwner } from './cart-owner';
import {
  emptyCart,
  lockCart,
  type LockedCart,
  lockOrMakeCart,
  lockRow,
  makeCart,
  makeLockedCart,
  putItems,
  raiseVersion,
  setCoupon,
  setCurrency,
  takeItems,
} from './cart-rows';
import { addUp, assertNotFull, assertQuantity, cartEmpty, commonCurrency } from './cart-rules';
import { type CartState, cartTag, readCart, toCartResponse } from './cart-view';
import type { CartResponse, CouponValidationResponse } from './dto/cart.response';
import { Cart } from './entities/cart.entity';

// What other modules see of ours.
export { addUp, commonCurrency, MAX_PRODUCTS, MAX_QUANTITY } from './cart-rules';
export type { LockedCart };

/** Each change locks the cart's row first, so that changes at the same time are all kept. */
@Injectable()
export class CartService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly stock: StockService,
    private readonly redemptions: RedemptionsService,
    private readonly urls: ImageUrlsService,
    @Inject(ENV) private readonly env: Env,
    personalData: PersonalData,
  ) {
    personalData.onErase((userId, tx) => tx.delete(Cart, { userId }));
    personalData.onExport('cart', (userId) => this.find({ userId }));
  }

  /** The cart; a user's is made empty when there is none. @throws DomainError `not_found` for a guest's */
  async get(owner: CartOwner): Promise<CartResponse> {
    const cart = await this.find(owner);
    if (cart) return cart;
    const { manager } = this.dataSource;
    await makeCart(owner, manager);
    return this.view(owner, manager);
  }

  /** The cart; null when there is none. */
  async find(owner: CartOwner): Promise<CartResponse | null> {
    const { manager } = this.dataSource;
    const cart = await this.findState(owner, manager);
    return cart && this.respond(cart, manager);
  }

  /** Somebody's cart, for support. @throws DomainError `not_found` */
  async getOf(userId: string): Promise<CartResponse> {
    const users = await this.dataSource.query<unknown[]>(
      'SELECT FROM users WHERE id = $1 AND deleted_at IS NULL',
      [userId],
    );
    if (users.length === 0) throw notFound('user');
    return this.get({ userId });
  }

  /**
   * Adds to what is there.
   * @throws DomainError `product_unavailable`, `insufficient_stock`, `currency_mismatch`, `cart_full`,
   * `version_mismatch`, `validation_failed` past 999 units
   */
  addItem(owner: CartOwner, { productId, quantity }: Quantity, ifMatch: Precondition): Promise<CartResponse> {
    return this.put(owner, productId, ifMatch, (present) => present + quantity);
  }

  /** Sets the quantity, adding the product when it is absent. @throws DomainError as {@link addItem} */
  setItem(owner: CartOwner, { productId, quantity }: Quantity, ifMatch: Precondition): Promise<CartResponse> {
    return this.put(owner, productId, ifMatch, () => quantity);
  }

  /** Sets the whole cart, all or nothing. @throws DomainError as {@link addItem} */
  setItems(owner: CartOwner, items: readonly Quantity[], ifMatch: Precondition): Promise<CartResponse> {
    return this.change(owner, ifMatch, async (cart, tx) => {
      const wanted = addUp(items);
      assertNotFull(wanted.length);
      const products = await this.stock.findForSale(wanted, tx);
      const currency = commonCurrency([...products.values()].map((product) => product.currency));
      assertInStock(wanted, products);
      await tx.query('DELETE FROM cart_items WHERE cart_id = $1', [cart.id]);
      await putItems(cart.id, { items: wanted, currency }, tx);
      return false;
    });
  }

  /** Taking out what is not there changes nothing. */
  removeItem(owner: CartOwner, productId: string, ifMatch: Precondition): Promise<CartResponse> {
    return this.change(owner, ifMatch, async (cart, tx) => {
      if (!cart.items.some((item) => item.productId === productId)) return false;
      await tx.query('DELETE FROM cart_items WHERE cart_id = $1 AND product_id = $2', [cart.id, productId]);
      if (cart.items.length === 1) await setCurrency(cart.id, null, tx);
      return true;
    });
  }

  /** Takes everything out, the coupon too. */
  async clear(owner: CartOwner, ifMatch: Precondition): Promise<void> {
    await this.change(owner, ifMatch, async (cart, tx) => {
      if (cart.items.length === 0 && cart.couponId === null) return false;
      await emptyCart(cart.id, tx);
      return true;
    });
  }

  /**
   * Attaches a coupon that applies now; it is spent at checkout only. Of a guest nobody knows how often they have used
   * it: that limit is checkout's.
   * @throws DomainError any coupon error
   */
  attachCoupon(owner: CartOwner, code: string, ifMatch: Precondition): Promise<CartResponse> {
    return this.change(owner, ifMatch, async (cart, tx) => {
      const { couponId } = await this.redemptions.quote({ code }, await this.read(owner, tx), tx);
      if (couponId === cart.couponId) return false;
      await setCoupon(cart.id, couponId, tx);
      return true;
    });
  }

  detachCoupon(owner: CartOwner, ifMatch: Precondition): Promise<CartResponse> {
    return this.change(owner, ifMatch, async (cart, tx) => {
      if (cart.couponId === null) return false;
      await setCoupon(cart.id, null, tx);
      return true;
    });
  }

  /** Tries a coupon on the cart and changes nothing. @throws DomainError `cart_empty`, any coupon error */
  async validateCoupon(userId: string, code: string): Promise<CouponValidationResponse> {
    const { manager } = this.dataSource;
    const cart = await this.findState({ userId }, manager);
    if (!cart || cart.items.length === 0) throw cartEmpty();
    const { subtotalMinor, currency } = cart;
    const quote = await this.redemptions.quote({ code }, cart, manager);
    return {
      code: quote.code,
      currency,
      discount: toMajor(quote.discountMinor, currency),
      subtotal: toMajor(subtotalMinor, currency),
      total: toMajor(subtotalMinor - quote.discountMinor, currency),
    };
  }

  /**
   * Takes everything out of the cart for an order, under its lock, and returns it as it was. What refuses the order
   * undoes that, too.
   * @throws DomainError `cart_empty`
   */
  async takeForOrder(userId: string, tx: EntityManager): Promise<LockedCart> {
    const [cart, items] = await together([lockRow({ userId }, tx), takeItems({ userId }, tx)]);
    if (!cart || items.length === 0) throw cartEmpty();
    return { ...cart, items };
  }

  /** How the cart looks in the caller's transaction. @throws DomainError `not_found` */
  async view(owner: CartOwner, tx: EntityManager): Promise<CartResponse> {
    return this.respond(await this.read(owner, tx), tx);
  }

  /** @param work changes the cart and says whether its version is still to be raised */
  private change(
    owner: CartOwner,
    ifMatch: Precondition,
    work: (cart: LockedCart, tx: EntityManager) => Promise<boolean>,
  ): Promise<CartResponse> {
    return this.transactions.run(async (tx) => {
      const cart = await lockOrMakeCart(owner, tx);
      await this.assertMatches(ifMatch, owner, tx);
      const raised = (await work(cart, tx)) ? raiseVersion(cart.id, tx) : undefined;
      return this.viewAfter(raised, owner, tx);
    });
  }

  /**
   * {@link change} that puts one product in. It is looked up along with the cart's lock, as nothing of it depends on the
   * cart.
   * @param quantityFrom from how many are in it
   */
  private put(
    owner: CartOwner,
    productId: string,
    ifMatch: Precondition,
    quantityFrom: (present: number) => number,
  ): Promise<CartResponse> {
    const prepare = async (
      tx: EntityManager,
    ): Promise<{ cartId: string; item: Quantity; currency: string | null }> => {
      const [found, products] = await together([
        lockCart(owner, tx),
        this.stock.findIfForSale([productId], tx),
      ]);
      const cart = found ?? (await makeLockedCart(owner, tx));
      await this.assertMatches(ifMatch, owner, tx);
      const present = cart.items.find((item) => item.productId === productId)?.quantity ?? 0;
      const item = { productId, quantity: quantityFrom(present) };
      return { cartId: cart.id, item, currency: currencyWith(item, cart, products) };
    };
    return this.transactions.runAndFinish(prepare, ({ cartId, item, currency }, tx) =>
      this.viewAfter(putItems(cartId, { items: [item], currency }, tx), owner, tx),
    );
  }

  private async assertMatches(ifMatch: Precondition, owner: CartOwner, tx: EntityManager): Promise<void> {
    if (ifMatch.isGiven) ifMatch.assertMatches(cartTag(await this.view(owner, tx)));
  }

  /** How the cart looks after a change that is on its way to the database. */
  private async viewAfter(
    change: Promise<void> | undefined,
    owner: CartOwner,
    tx: EntityManager,
  ): Promise<CartResponse> {
    const [, cart] = await together([change, this.read(owner, tx)]);
    return this.respond(cart, tx);
  }

  private async read(owner: CartOwner, tx: EntityManager): Promise<CartState> {
    const cart = await this.findState(owner, tx);
    if (!cart) throw notFound('cart');
    return cart;
  }

  private findState(owner: CartOwner, tx: EntityManager): Promise<CartState | null> {
    return readCart(owner, { storeCurrency: this.env.STORE_CURRENCY, urls: this.urls }, tx);
  }

  private async respond(cart: CartState, tx: EntityManager): Promise<CartResponse> {
    const applied = cart.couponId ? await this.redemptions.preview(cart.couponId, cart, tx) : null;
    return toCartResponse(cart, applied);
  }
}

/**
 * The currency of the cart once the item is in it.
 * @throws DomainError `validation_failed`, `product_unavailable`, `currency_mismatch`, `cart_full`, `insufficient_stock`
 */
function currencyWith(
  item: Quantity,
  cart: LockedCart,
  products: ReadonlyMap<string, SellableProduct>,
): string | null {
  assertQuantity(item.quantity, 'quantity');
  assertForSale([item], products);
  const others = cart.items.filter(({ productId }) => productId !== item.productId);
  const bound = others.length > 0 && cart.currency ? [cart.currency] : [];
  const currency = commonCurrency([...bound, ...[...products.values()].map((product) => product.currency)]);
  assertNotFull(others.length + 1);
  assertInStock([item], products);
  return currency;
}
