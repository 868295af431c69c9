import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Transactions } from '../database/transactions';
import { DomainError, type FieldError } from '../errors/domain-error';
import type { ErrorCode } from '../errors/error-codes';
import { PersonalData } from '../personal-data/personal-data';
import type { IdempotentRequest } from './idempotency.decorator';

/** How a kept answer looks: what the work returned, or the refusal by a rule. */
type KeptAnswer<T> =
  | { result: T }
  | { refusal: { code: ErrorCode; detail: string; errors: readonly FieldError[] | null; extra: object } };

interface Claim<T> {
  hasLock: boolean;
  requestHash: Buffer | null;
  answer: KeptAnswer<T> | null;
}

/** Keeps the answer in the same transaction as the work, so that a crash leaves both or neither. */
@Injectable()
export class Idempotency {
  constructor(
    private readonly transactions: Transactions,
    private readonly dataSource: DataSource,
    personalData: PersonalData,
  ) {
    personalData.onErase(eraseAnswers);
  }

  /**
   * Runs `work` in one transaction, at most once for each key, owner and request; again it gives the kept
   * answer, or throws the kept refusal.
   * @throws DomainError `idempotency_in_progress` while the first is running, `idempotency_key_reused` for
   * another request under the same key
   */
  async run<T extends object>(
    request: IdempotentRequest,
    work: (tx: EntityManager) => Promise<T>,
  ): Promise<T> {
    const { key } = request;
    if (key === null) return this.transactions.run(work);
    try {
      return await this.transactions.run((tx) => this.claimAndWork(request, key, work, tx));
    } catch (error) {
      if (error instanceof LostRace) return this.run(request, work);
      if (isKept(error)) await keepAnswer(request, key, refusalOf(error, request), this.dataSource.manager);
      throw error;
    }
  }

  private async claimAndWork<T extends object>(
    request: IdempotentRequest,
    key: string,
    work: (tx: EntityManager) => Promise<T>,
    tx: EntityManager,
  ): Promise<T> {
    const claim = await claimKey<T>(request, key, tx);
    if (claim.answer) return replay(request, claim.requestHash, claim.answer);
    if (!claim.hasLock)
      throw new DomainError('idempotency_in_progress', 'The first request with this key is still running.');
    const result = await work(tx);
    if (!(await keepAnswer(request, key, { result }, tx))) throw new LostRace();
    return result;
  }
}

/**
 * One statement takes the key's lock, which ends with the transaction, and reads what was kept. Who gets the
 * lock in the instant after another's commit may miss its record; the record's primary key then refuses a
 * second one, and the run starts again ({@link LostRace}).
 */
async function claimKey<T>({ owner }: IdempotentRequest, key: string, tx: EntityManager): Promise<Claim<T>> {
  const rows = await tx.query<Claim<T>[]>(
    `SELECT pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0)) AS "hasLock",
            r.request_hash AS "requestHash", r.answer
       FROM (VALUES (1)) AS one
       LEFT JOIN idempotency_records r
         ON r.owner = $1 AND r.key = $2 AND r.created_at > now() - interval '24 hours'`,
    [owner, key],
  );
  return rows[0] ?? { hasLock: false, requestHash: null, answer: null };
}

function replay<T>(request: IdempotentRequest, keptHash: Buffer | null, answer: KeptAnswer<T>): T {
  if (!keptHash?.equals(request.hash)) {
    throw new DomainError('idempotency_key_reused', 'This Idempotency-Key was used for another request.');
  }
  request.markReplayed();
  if ('result' in answer) return answer.result;
  const { code, detail, errors, extra } = answer.refusal;
  throw new KeptRefusal(code, detail, { ...(errors && { errors }), extra: { ...extra } });
}

/** A refusal that is already kept. */
class KeptRefusal extends DomainError {}

/** Refusals by a rule are answers; bad fields, missing rights and failures are not. */
function isKept(error: unknown): error is DomainError {
  if (!(error instanceof DomainError) || error instanceof KeptRefusal) return false;
  if (error.code.startsWith('idempotency_') || error.code === 'validation_failed') return false;
  return error.kind === 'conflict' || error.kind === 'invalid';
}

function refusalOf(
  { code, message, errors, extra }: DomainError,
  { requestId }: IdempotentRequest,
): KeptAnswer<never> {
  return { refusal: { code, detail: message, errors: errors ?? null, extra: { ...extra, requestId } } };
}

/** Another request with the same key committed between our look and our answer: ours is rolled back. */
class LostRace extends Error {}

/** Writes the record, in the place of an expired one. False when a live one is there. */
async function keepAnswer<T>(
  { owner, hash }: IdempotentRequest,
  key: string,
  answer: KeptAnswer<T>,
  tx: EntityManager,
): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    `WITH kept AS (
       INSERT INTO idempotency_records AS r (owner, key, request_hash, answer) VALUES ($1, $2, $3, $4)
       ON CONFLICT (owner, key) DO UPDATE
         SET request_hash = excluded.request_hash, answer = excluded.answer, created_at = excluded.created_at
       WHERE r.created_at <= now() - interval '24 hours'
       RETURNING 1)
     SELECT FROM kept`,
    [owner, key, hash, JSON.stringify(answer)],
  );
  return rows.length > 0;
}

/** Kept answers show addresses. */
async function eraseAnswers(userId: string, tx: EntityManager): Promise<void> {
  await tx.query('DELETE FROM idempotency_records WHERE owner = $1', [userId]);
}
