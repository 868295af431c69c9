import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Transactions } from '../../common/database/transactions';
import { DomainError, notFound } from '../../common/errors/domain-error';
import type { Precondition } from '../../common/http/etag';
import { toMajor } from '../../common/money/money';
import { PersonalData } from '../../common/personal-data/personal-data';
import { ENV, type Env } from '../../config/env';
import { RedemptionsService } from '../coupons/redemptions.service';
import { ImageUrlsService } from '../products/image-urls.service';
import { assertInStock, type Quantity, StockService } from '../products/stock.service';
import { addUp, assertNotFull, assertQuantity, cartEmpty, commonCurrency } from './cart-rules';
import { type CartState, cartTag, readCart, toCartResponse } from './cart-view';
import type { CartResponse, CouponValidationResponse } from './dto/cart.response';

export { addUp, commonCurrency, MAX_PRODUCTS, MAX_QUANTITY } from './cart-rules';

/** A cart whose row the transaction has locked. */
export interface LockedCart {
  id: string;
  /** Null while it is empty. */
  currency: string | null;
  couponId: string | null;
  version: number;
  items: Quantity[];
}

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
    personalData.onErase(eraseCart);
    personalData.onExport('cart', (userId) => this.find(userId));
  }

  /** The user's cart, made empty when there is none. */
  async get(userId: string): Promise<CartResponse> {
    const cart = await this.find(userId);
    if (cart) return cart;
    await insertCart(userId, this.dataSource.manager);
    return this.view(userId, this.dataSource.manager);
  }

  /** The user's cart; null when there is none. */
  async find(userId: string): Promise<CartResponse | null> {
    const { manager } = this.dataSource;
    const cart = await this.findState(userId, manager);
    return cart && this.respond(cart, manager);
  }

  /** Somebody's cart, for support. @throws DomainError `not_found` */
  async getOf(userId: string): Promise<CartResponse> {
    const users = await this.dataSource.query<unknown[]>(
      'SELECT FROM users WHERE id = $1 AND deleted_at IS NULL',
      [userId],
    );
    if (users.length === 0) throw notFound('user');
    return this.get(userId);
  }

  /**
   * Adds to what is there.
   * @throws DomainError `product_unavailable`, `insufficient_stock`, `currency_mismatch`, `cart_full`,
   * `version_mismatch`, `validation_failed` past 999 units
   */
  addItem(userId: string, { productId, quantity }: Quantity, ifMatch: Precondition): Promise<CartResponse> {
    return this.change(userId, ifMatch, (cart, tx) => {
      const present = cart.items.find((item) => item.productId === productId)?.quantity ?? 0;
      return this.put(cart, { productId, quantity: present + quantity }, tx);
    });
  }

  /** Sets the quantity, adding the product when it is absent. @throws DomainError as {@link addItem} */
  setItem(userId: string, item: Quantity, ifMatch: Precondition): Promise<CartResponse> {
    return this.change(userId, ifMatch, (cart, tx) => this.put(cart, item, tx));
  }

  /** Sets the whole cart, all or nothing. @throws DomainError as {@link addItem} */
  setItems(userId: string, items: readonly Quantity[], ifMatch: Precondition): Promise<CartResponse> {
    return this.change(userId, ifMatch, async (cart, tx) => {
      const wanted = addUp(items);
      assertNotFull(wanted.length);
      const products = await this.stock.findForSale(wanted, tx);
      const currency = commonCurrency([...products.values()].map((product) => product.currency));
      assertInStock(wanted, products);
      await tx.query('DELETE FROM cart_items WHERE cart_id = $1', [cart.id]);
      await insertItems(cart.id, wanted, tx);
      await setCurrency(cart.id, currency, tx);
      return true;
    });
  }

  /** Taking out what is not there changes nothing. */
  removeItem(userId: string, productId: string, ifMatch: Precondition): Promise<CartResponse> {
    return this.change(userId, ifMatch, async (cart, tx) => {
      if (!cart.items.some((item) => item.productId === productId)) return false;
      await tx.query('DELETE FROM cart_items WHERE cart_id = $1 AND product_id = $2', [cart.id, productId]);
      if (cart.items.length === 1) await setCurrency(cart.id, null, tx);
      return true;
    });
  }

  /** Takes everything out, the coupon too. */
  async clear(userId: string, ifMatch: Precondition): Promise<void> {
    await this.change(userId, ifMatch, async (cart, tx) => {
      if (cart.items.length === 0 && cart.couponId === null) return false;
      await emptyCart(cart.id, tx);
      return true;
    });
  }

  /** Attaches a coupon that applies now; it is spent at checkout only. @throws DomainError any coupon error */
  attachCoupon(userId: string, code: string, ifMatch: Precondition): Promise<CartResponse> {
    return this.change(userId, ifMatch, async (cart, tx) => {
      const { subtotalMinor, currency } = await this.read(userId, tx);
      const { couponId } = await this.redemptions.quote({ code }, { userId, subtotalMinor, currency }, tx);
      if (couponId === cart.couponId) return false;
      await tx.query('UPDATE carts SET coupon_id = $2 WHERE id = $1', [cart.id, couponId]);
      return true;
    });
  }

  detachCoupon(userId: string, ifMatch: Precondition): Promise<CartResponse> {
    return this.change(userId, ifMatch, async (cart, tx) => {
      if (cart.couponId === null) return false;
      await tx.query('UPDATE carts SET coupon_id = NULL WHERE id = $1', [cart.id]);
      return true;
    });
  }

  /** Tries a coupon on the cart and changes nothing. @throws DomainError `cart_empty`, any coupon error */
  async validateCoupon(userId: string, code: string): Promise<CouponValidationResponse> {
    const { manager } = this.dataSource;
    const cart = await this.findState(userId, manager);
    if (!cart || cart.items.length === 0) throw cartEmpty();
    const { subtotalMinor, currency } = cart;
    const quote = await this.redemptions.quote({ code }, { userId, subtotalMinor, currency }, manager);
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
    const cart = await lockRow(userId, tx);
    const items = cart ? await takeItems(cart.id, tx) : [];
    if (!cart || items.length === 0) throw cartEmpty();
    return { ...cart, items };
  }

  private change(
    userId: string,
    ifMatch: Precondition,
    work: (cart: LockedCart, tx: EntityManager) => Promise<boolean>,
  ): Promise<CartResponse> {
    return this.transactions.run(async (tx) => {
      const cart = (await lockCart(userId, tx)) ?? (await insertAndLock(userId, tx));
      if (ifMatch.isGiven) ifMatch.assertMatches(cartTag(await this.view(userId, tx)));
      if (await work(cart, tx)) await raiseVersion(cart.id, tx);
      return this.view(userId, tx);
    });
  }

  private async put(cart: LockedCart, item: Quantity, tx: EntityManager): Promise<boolean> {
    assertQuantity(item.quantity, 'quantity');
    const others = cart.items.filter(({ productId }) => productId !== item.productId);
    const products = await this.stock.findForSale([item], tx);
    const bound = others.length > 0 && cart.currency ? [cart.currency] : [];
    const currency = commonCurrency([...bound, ...[...products.values()].map((product) => product.currency)]);
    assertNotFull(others.length + 1);
    assertInStock([item], products);
    await insertItems(cart.id, [item], tx);
    await setCurrency(cart.id, currency, tx);
    return true;
  }

  private async view(userId: string, tx: EntityManager): Promise<CartResponse> {
    return this.respond(await this.read(userId, tx), tx);
  }

  private async read(userId: string, tx: EntityManager): Promise<CartState> {
    const cart = await this.findState(userId, tx);
    if (!cart) throw notFound('cart');
    return cart;
  }

  private findState(userId: string, tx: EntityManager): Promise<CartState | null> {
    return readCart(userId, { storeCurrency: this.env.STORE_CURRENCY, urls: this.urls }, tx);
  }

  private async respond(cart: CartState, tx: EntityManager): Promise<CartResponse> {
    const applied = cart.couponId ? await this.redemptions.preview(cart.couponId, cart, tx) : null;
    return toCartResponse(cart, applied);
  }
}

/** Not for somebody who is erased meanwhile: nothing of theirs is left behind. */
async function insertCart(userId: string, tx: EntityManager): Promise<void> {
  await tx.query(
    `INSERT INTO carts (id, user_id) SELECT $1, id FROM users WHERE id = $2 AND deleted_at IS NULL FOR KEY SHARE
     ON CONFLICT (user_id) DO NOTHING`,
    [uuidv7(), userId],
  );
}

async function insertAndLock(userId: string, tx: EntityManager): Promise<LockedCart> {
  await insertCart(userId, tx);
  const cart = await lockCart(userId, tx);
  if (!cart) throw new DomainError('token_revoked', 'The session has ended. Sign in again.');
  return cart;
}

/** The lock first, then the items in a statement of their own: it sees what the last holder committed. */
async function lockCart(userId: string, tx: EntityManager): Promise<LockedCart | null> {
  const cart = await lockRow(userId, tx);
  if (!cart) return null;
  const items = await tx.query<Quantity[]>(
    'SELECT product_id AS "productId", quantity FROM cart_items WHERE cart_id = $1 ORDER BY created_at, product_id',
    [cart.id],
  );
  return { ...cart, items };
}

async function lockRow(userId: string, tx: EntityManager): Promise<Omit<LockedCart, 'items'> | undefined> {
  const [cart] = await tx.query<Omit<LockedCart, 'items'>[]>(
    'SELECT id, currency, coupon_id AS "couponId", version FROM carts WHERE user_id = $1 FOR UPDATE',
    [userId],
  );
  return cart;
}

/** Empties the locked cart and returns what was in it. */
function takeItems(cartId: string, tx: EntityManager): Promise<Quantity[]> {
  return tx.query<Quantity[]>(
    `WITH taken AS (
       DELETE FROM cart_items WHERE cart_id = $1 RETURNING product_id, quantity, created_at
     ), emptied AS (
       UPDATE carts SET currency = NULL, coupon_id = NULL, version = version + 1, updated_at = now() WHERE id = $1)
     SELECT product_id AS "productId", quantity FROM taken ORDER BY created_at, product_id`,
    [cartId],
  );
}

/** In the order given: the times at which the items were put in are its only record, so no two are the same. */
async function insertItems(cartId: string, items: readonly Quantity[], tx: EntityManager): Promise<void> {
  await tx.query(
    `INSERT INTO cart_items (cart_id, product_id, quantity, created_at)
     SELECT $1, item.product_id, item.quantity, clock_timestamp() + item.position * interval '1 microsecond'
       FROM unnest($2::uuid[], $3::int[]) WITH ORDINALITY AS item (product_id, quantity, position)
     ON CONFLICT (cart_id, product_id) DO UPDATE SET quantity = excluded.quantity`,
    [cartId, items.map(({ productId }) => productId), items.map(({ quantity }) => quantity)],
  );
}

async function setCurrency(cartId: string, currency: string | null, tx: EntityManager): Promise<void> {
  await tx.query('UPDATE carts SET currency = $2 WHERE id = $1 AND currency IS DISTINCT FROM $2', [
    cartId,
    currency,
  ]);
}

async function emptyCart(cartId: string, tx: EntityManager): Promise<void> {
  await tx.query('DELETE FROM cart_items WHERE cart_id = $1', [cartId]);
  await tx.query('UPDATE carts SET currency = NULL, coupon_id = NULL WHERE id = $1', [cartId]);
}

async function raiseVersion(cartId: string, tx: EntityManager): Promise<void> {
  await tx.query('UPDATE carts SET version = version + 1, updated_at = now() WHERE id = $1', [cartId]);
}

async function eraseCart(userId: string, tx: EntityManager): Promise<void> {
  await tx.query('DELETE FROM carts WHERE user_id = $1', [userId]);
}
