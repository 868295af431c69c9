import { availableParallelism } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import { compare, hash } from 'bcrypt';
import pLimit from 'p-limit';
import { DomainError } from '../../common/errors/domain-error';
import { MAX_PASSWORD_BYTES } from '../../common/validation/account-fields';
import { ENV, type Env } from '../../config/env';

const MAX_QUEUE = 50;

/** bcrypt, at most as many at once as there are cores, so that sign-ins do not starve everything else. */
@Injectable()
export class PasswordsService {
  private readonly limit = pLimit(availableParallelism());
  private readonly decoy: Promise<string>;

  constructor(@Inject(ENV) private readonly env: Env) {
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

  private queue<T>(work: () => Promise<T>): Promise<T> {
    if (this.limit.pendingCount >= MAX_QUEUE) {
      throw new DomainError('service_unavailable', 'Too many are signing in right now. Try again shortly.');
    }
    return this.limit(work);
  }
}
