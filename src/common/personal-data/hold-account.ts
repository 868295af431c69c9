import type { EntityManager } from 'typeorm';
import { DomainError } from '../errors/domain-error';

/**
 * Keeps the account from being erased until the transaction ends: the erasure then finds what is written about the
 * person. To be called first, so that all take the account's lock before any other.
 * @param lock `NO KEY UPDATE` lets one at a time pass
 * @throws DomainError `token_revoked` when the account was disabled or erased since the request was let in
 */
export async function holdAccount(
  userId: string,
  tx: EntityManager,
  lock: 'KEY SHARE' | 'NO KEY UPDATE' = 'KEY SHARE',
): Promise<void> {
  const users = await tx.query<unknown[]>(`SELECT FROM users WHERE id = $1 AND is_active FOR ${lock}`, [
    userId,
  ]);
  if (users.length === 0) throw new DomainError('token_revoked', 'The session has ended. Sign in again.');
}
