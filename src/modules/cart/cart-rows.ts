import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { together } from '../../common/database/together';
import { DomainError, notFound } from '../../common/errors/domain-error';
import type { Quantity } from '../products/stock.service';
import { type CartOwner, ownedBy } from './cart-owner';

/** A cart whose row the transaction has locked. */
export interface LockedCart {
  id: string;
  /** Null while it is empty. */
  currency: string | null;
  couponId: string | null;
  version: number;
  items: Quantity[];
}

/** The lock first, then the items in a statement of their own: it sees what the last holder committed. */
export async function lockCart(owner: CartOwner, tx: EntityManager): Promise<LockedCart | null> {
  const [cart, items] = await together([lockRow(owner, tx), readItems(owner, tx)]);
  return cart ? { ...cart, items } : null;
}

function readItems(owner: CartOwner, tx: EntityManager): Promise<Quantity[]> {
  const { column, value } = ownedBy(owner);
  return tx.query(
    `SELECT i.product_id AS "productId", i.quantity FROM carts c JOIN cart_items i ON i.cart_id = c.id
      WHERE c.${column} = $1 ORDER BY i.created_at, i.product_id`,
    [value],
  );
}

/**
 * {@link lockCart}; a user's is made when there is none.
 * @throws DomainError as {@link makeLockedCart}
 */
export async function lockOrMakeCart(owner: CartOwner, tx: EntityManager): Promise<LockedCart> {
  return (await lockCart(owner, tx)) ?? makeLockedCart(owner, tx);
}

/** @throws DomainError `not_found` for a guest's, `token_revoked` for somebody who was erased meanwhile */
export async function makeLockedCart(owner: CartOwner, tx: EntityManager): Promise<LockedCart> {
  await makeCart(owner, tx);
  const made = await lockCart(owner, tx);
  if (!made) throw new DomainError('token_revoked', 'The session has ended. Sign in again.');
  return made;
}

export async function lockRow(
  owner: CartOwner,
  tx: EntityManager,
): Promise<Omit<LockedCart, 'items'> | undefined> {
  const { column, value } = ownedBy(owner);
  const [cart] = await tx.query<Omit<LockedCart, 'items'>[]>(
    `SELECT id, currency, coupon_id AS "couponId", version FROM carts WHERE ${column} = $1 FOR UPDATE`,
    [value],
  );
  return cart;
}

/**
 * Makes the user's cart, unless there is one; not for somebody who is erased meanwhile: nothing of theirs is left
 * behind.
 * @throws DomainError `not_found` for a guest's: its token is unknown, or spent
 */
export async function makeCart(owner: CartOwner, tx: EntityManager): Promise<void> {
  if ('tokenHash' in owner) throw notFound('guest cart');
  await tx.query(
    `INSERT INTO carts (id, user_id) SELECT $1, id FROM users WHERE id = $2 AND deleted_at IS NULL FOR KEY SHARE
     ON CONFLICT (user_id) DO NOTHING`,
    [uuidv7(), owner.userId],
  );
}

/** Empties the cart, which the transaction has locked, and returns what was in it. */
export function takeItems(owner: CartOwner, tx: EntityManager): Promise<Quantity[]> {
  const { column, value } = ownedBy(owner);
  return tx.query<Quantity[]>(
    `WITH emptied AS (
       UPDATE carts SET currency = NULL, coupon_id = NULL, version = version + 1, updated_at = now()
        WHERE ${column} = $1 RETURNING id
     ), taken AS (
       DELETE FROM cart_items i USING emptied WHERE i.cart_id = emptied.id
       RETURNING i.product_id, i.quantity, i.created_at)
     SELECT product_id AS "productId", quantity FROM taken ORDER BY created_at, product_id`,
    [value],
  );
}

/**
 * Puts the items in, or sets their quantities, and raises the cart's version, in one statement. In the order given: the
 * times at which the items were put in are its only record, so no two are the same.
 */
export async function putItems(
  cartId: string,
  { items, currency }: { items: readonly Quantity[]; currency: string | null },
  tx: EntityManager,
): Promise<void> {
  await tx.query(
    `WITH put AS (
       INSERT INTO cart_items (cart_id, product_id, quantity, created_at)
       SELECT $1, item.product_id, item.quantity, clock_timestamp() + item.position * interval '1 microsecond'
         FROM unnest($2::uuid[], $3::int[]) WITH ORDINALITY AS item (product_id, quantity, position)
       ON CONFLICT (cart_id, product_id) DO UPDATE SET quantity = excluded.quantity)
     UPDATE carts SET currency = $4, version = version + 1, updated_at = now() WHERE id = $1`,
    [cartId, items.map(({ productId }) => productId), items.map(({ quantity }) => quantity), currency],
  );
}

export async function setCurrency(cartId: string, currency: string | null, tx: EntityManager): Promise<void> {
  await tx.query('UPDATE carts SET currency = $2 WHERE id = $1 AND currency IS DISTINCT FROM $2', [
    cartId,
    currency,
  ]);
}

export async function setCoupon(cartId: string, couponId: string | null, tx: EntityManager): Promise<void> {
  await tx.query('UPDATE carts SET coupon_id = $2 WHERE id = $1', [cartId, couponId]);
}

/** Takes everything out, the coupon too. */
export async function emptyCart(cartId: string, tx: EntityManager): Promise<void> {
  await tx.query('DELETE FROM cart_items WHERE cart_id = $1', [cartId]);
  await tx.query('UPDATE carts SET currency = NULL, coupon_id = NULL WHERE id = $1', [cartId]);
}

export async function raiseVersion(cartId: string, tx: EntityManager): Promise<void> {
  await tx.query('UPDATE carts SET version = version + 1, updated_at = now() WHERE id = $1', [cartId]);
}
