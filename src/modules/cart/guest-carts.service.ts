import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { newSecret } from '../../common/auth/secrets';
import { notFound } from '../../common/errors/domain-error';
import type { IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Idempotency } from '../../common/idempotency/idempotency.service';
import { Cleaning } from '../../common/jobs/cleaning';
import { StockService } from '../products/stock.service';
import { mergeCarts } from './cart-merge';
import { guestWith } from './cart-owner';
import { lockCart, lockOrMakeCart, putItems, raiseVersion, setCoupon } from './cart-rows';
import { CartService } from './cart.service';
import type { GuestCartResponse } from './dto/cart.response';
import { Cart } from './entities/cart.entity';

/** The creation date alone is in an index: it names few, and is never later than the last change. */
const ABANDONED = `token_hash IS NOT NULL AND created_at < now() - interval '30 days'
  AND updated_at < now() - interval '30 days'`;

/** Carts of people who are not signed in: whoever has the token has the cart. */
@Injectable()
export class GuestCartsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly idempotency: Idempotency,
    private readonly cart: CartService,
    private readonly stock: StockService,
    cleaning: Cleaning,
  ) {
    cleaning.remove('carts', ABANDONED);
  }

  /** Makes an empty cart. The token is kept as a hash only: it is never shown again. */
  create(request: IdempotentRequest): Promise<GuestCartResponse> {
    const token = newSecret();
    const owner = guestWith(token);
    return this.idempotency.run(request, async (tx) => {
      await tx.insert(Cart, { id: uuidv7(), ...owner });
      return { ...(await this.cart.view(owner, tx)), token };
    });
  }

  /** For refusing a token before a password is hashed: only {@link merge} decides. @throws DomainError `not_found` */
  async assertKnown(token: string): Promise<void> {
    if (!(await this.dataSource.manager.existsBy(Cart, guestWith(token)))) throw notFound('guest cart');
  }

  /**
   * Brings what the guest chose into the user's cart, by the rule of {@link mergeCarts}, and spends the token: the
   * guest's cart is no more. Locks it first, then the user's; nothing that is wrong with an item refuses.
   * @throws DomainError `not_found` for a token that is unknown, or spent
   */
  async merge(token: string, userId: string, tx: EntityManager): Promise<void> {
    const guest = await lockCart(guestWith(token), tx);
    if (!guest) throw notFound('guest cart');
    const cart = await lockOrMakeCart({ userId }, tx);
    const ids = guest.items.map(({ productId }) => productId);
    const products = await this.stock.findIfForSale(ids, tx);
    const { items, currency, couponId } = mergeCarts(cart, guest, products);
    if (items.length > 0) await putItems(cart.id, { items, currency }, tx);
    await setCoupon(cart.id, couponId, tx);
    if (items.length === 0 && couponId !== cart.couponId) await raiseVersion(cart.id, tx);
    await tx.delete(Cart, { id: guest.id });
  }
}
