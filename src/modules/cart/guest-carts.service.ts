import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { newSecret } from '../../common/auth/secrets';
import { Transactions } from '../../common/database/transactions';
import { guestWith } from './cart-owner';
import { CartService } from './cart.service';
import type { GuestCartResponse } from './dto/cart.response';
import { Cart } from './entities/cart.entity';

/** Carts of people who are not signed in: whoever has the token has the cart. */
@Injectable()
export class GuestCartsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly cart: CartService,
  ) {}

  /** Makes an empty cart. The token is kept as a hash only: it is never shown again. */
  create(): Promise<GuestCartResponse> {
    const token = newSecret();
    const owner = guestWith(token);
    return this.transactions.run(async (tx) => {
      await tx.insert(Cart, { id: uuidv7(), ...owner });
      return { ...(await this.cart.view(owner, tx)), token };
    });
  }
}
