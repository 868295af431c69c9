import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ENV, type Env } from '../../config/env';
import { DomainError, type FieldError } from '../errors/domain-error';
import type { ErrorCode } from '../errors/error-codes';
import type { IdempotentRequest } from './idempotency.decorator';
import { sealed, sealOf, unsealed } from './seal';

/** How a kept answer looks: what the work returned, or the refusal by a rule. */
export type KeptAnswer<T> =
  | { result: T }
  | { refusal: { code: ErrorCode; detail: string; errors: readonly FieldError[] | null; extra: object } };

/** A request with a key. */
export type KeyedRequest = IdempotentRequest & { key: string };

interface StoredAnswer {
  requestHash: Buffer;
  answer: unknown;
}

/** The table of kept answers. What is secret of them is sealed. */
@Injectable()
export class KeptAnswers {
  constructor(@Inject(ENV) private readonly env: Env) {}

  /** Null when nothing is kept under the key. @throws DomainError `idempotency_key_reused` when it answers another request */
  async find<T>(request: KeyedRequest, manager: EntityManager): Promise<KeptAnswer<T> | null> {
    const [stored] = await manager.query<StoredAnswer[]>(
      `SELECT request_hash AS "requestHash", answer FROM idempotency_records
        WHERE owner = $1 AND key = $2 AND created_at > now() - interval '24 hours'`,
      [request.owner, request.key],
    );
    if (!stored) return null;
    const answer = request.isSecret ? this.unseal(stored, request) : asIs(stored, request);
    if (answer === null)
      throw new DomainError('idempotency_key_reused', 'This Idempotency-Key was used for another request.');
    return answer as KeptAnswer<T>;
  }

  /**
   * Writes the record, in the place of an expired one.
   * @param subject the id of the user whom the answer is about, where that is not the key's owner
   */
  async keep<T>(
    request: KeyedRequest,
    answer: KeptAnswer<T>,
    subject: string | null,
    manager: EntityManager,
  ): Promise<void> {
    const stored = request.isSecret ? this.seal(answer, request) : { requestHash: request.hash, answer };
    await manager.query(
      `INSERT INTO idempotency_records (owner, key, request_hash, answer, subject) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (owner, key) DO UPDATE
         SET request_hash = excluded.request_hash, answer = excluded.answer, subject = excluded.subject,
             created_at = excluded.created_at`,
      [request.owner, request.key, stored.requestHash, JSON.stringify(stored.answer), subject],
    );
  }

  /** The person's own answers, and those that others got about them. */
  async erase(userId: string, tx: EntityManager): Promise<void> {
    await tx.query('DELETE FROM idempotency_records WHERE owner = $1 OR subject = $2', [userId, userId]);
  }

  private seal(answer: unknown, request: KeyedRequest): StoredAnswer {
    const seal = sealFor(request, this.env.JWT_SECRET);
    return { requestHash: seal.mark, answer: { sealed: sealed(JSON.stringify(answer), seal) } };
  }

  /** With the secret of today, or of before its change. Null for another request, or when both secrets are others. */
  private unseal({ requestHash, answer }: StoredAnswer, request: KeyedRequest): unknown {
    const secrets = [this.env.JWT_SECRET, this.env.JWT_SECRET_PREVIOUS].filter(
      (secret) => secret !== undefined,
    );
    const seal = secrets
      .map((secret) => sealFor(request, secret))
      .find(({ mark }) => mark.equals(requestHash));
    return seal ? JSON.parse(unsealed((answer as { sealed: string }).sealed, seal)) : null;
  }
}

function sealFor({ owner, key, hash }: KeyedRequest, secret: string): ReturnType<typeof sealOf> {
  return sealOf(secret, hash, `${owner} ${key}`);
}

function asIs({ requestHash, answer }: StoredAnswer, { hash }: KeyedRequest): unknown {
  return requestHash.equals(hash) ? answer : null;
}
