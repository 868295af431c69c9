import { Inject, Injectable } from '@nestjs/common';
import { compare, getRounds, hash } from 'bcrypt';
import pLimit, { type LimitFunction } from 'p-limit';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError, invalid } from '../../common/errors/domain-error';
import { MAX_PASSWORD_BYTES } from '../../common/validation/account-fields';
import { coresOf } from '../../config/cores';
import { ENV, type Env } from '../../config/env';

const MAX_QUEUE = 50;

/** bcrypt, at most as many at once as there are cores, so that sign-ins do not starve everything else. */
@Injectable()
export class PasswordsService {
  private readonly limit: LimitFunction;
  private readonly decoy: Promise<string>;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENV) private readonly env: Env,
  ) {
    this.limit = pLimit(coresOf(env));
    this.decoy = hash('nobody has this password', env.BCRYPT_COST);
  }

  /** @throws DomainError `service_unavailable` when 50 others wait already */
  hash(password: string): Promise<string> {
    return this.queue(() => hash(password, this.env.BCRYPT_COST));
  }

  /**
   * Compares in the same time whether there is a hash or not. bcrypt looks at the first 72 bytes only, so what is
   * longer, and can have been nobody's choice, never matches.
   * @param passwordHash null for an account that does not exist
   * @throws DomainError `service_unavailable` when 50 others wait already
   */
  async matches(password: string, passwordHash: string | null): Promise<boolean> {
    const isMatch = await this.queue(async () => compare(password, passwordHash ?? (await this.decoy)));
    return isMatch && passwordHash !== null && Buffer.byteLength(password) <= MAX_PASSWORD_BYTES;
  }

  /**
   * @returns the hash that the password matched
   * @throws DomainError `validation_failed` on the field, so that the app stays signed in
   */
  async assertOwn(userId: string, password: string, field: string): Promise<string> {
    const [user] = await this.dataSource.query<{ passwordHash: string | null }[]>(
      'SELECT password_hash AS "passwordHash" FROM users WHERE id = $1',
      [userId],
    );
    const passwordHash = user?.passwordHash ?? null;
    if (passwordHash !== null && (await this.matches(password, passwordHash))) return passwordHash;
    throw wrongPassword(field);
  }

  /**
   * Writes a new hash in the place of the one that was proved, in the caller's transaction.
   * @throws DomainError `validation_failed` on the field when the password was changed, or reset, since then
   */
  async replace(
    userId: string,
    { proved, renewed, field }: { proved: string; renewed: string; field: string },
    tx: EntityManager,
  ): Promise<void> {
    const [, count] = await tx.query<[unknown[], number]>(
      'UPDATE users SET password_hash = $3, updated_at = now() WHERE id = $1 AND password_hash = $2',
      [userId, proved, renewed],
    );
    if (count === 0) throw wrongPassword(field);
  }

  /** Writes a password's hash in the caller's transaction. */
  async set(userId: string, passwordHash: string, tx: EntityManager): Promise<void> {
    await tx.query('UPDATE users SET password_hash = $2, updated_at = now() WHERE id = $1', [
      userId,
      passwordHash,
    ]);
  }

  /**
   * Hashes again a password that was just proved, when the cost has changed since it was hashed. While others
   * wait for a hash it is left for the next sign-in.
   */
  async refreshHash(userId: string, password: string, passwordHash: string): Promise<void> {
    if (getRounds(passwordHash) === this.env.BCRYPT_COST || this.limit.pendingCount > 0) return;
    const renewed = await this.hash(password);
    await this.dataSource.query('UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2', [
      userId,
      passwordHash,
      renewed,
    ]);
  }

  private queue<T>(work: () => Promise<T>): Promise<T> {
    if (this.limit.pendingCount >= MAX_QUEUE) {
      throw new DomainError('service_unavailable', 'Too many are signing in right now. Try again shortly.');
    }
    return this.limit(work);
  }
}

function wrongPassword(field: string): DomainError {
  return invalid(field, 'wrong_password', `${field} is not your password.`);
}
