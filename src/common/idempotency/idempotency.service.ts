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

type Outcome<T> = { result: T } | { refusal: DomainError };

interface Claim {
  request: IdempotentRequest;
  key: string;
  /** Ends with the transaction, or with the session. Both are one lock: each keeps the other out. */
  lock: 'pg_try_advisory_xact_lock' | 'pg_try_advisory_lock';
}

/** Keeps the first answer to a request, for those that come again under its key. */
@Injectable()
export class Idempotency {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    personalData: PersonalData,
  ) {
    personalData.onErase(eraseAnswers);
  }

  /**
   * Runs `work` in one transaction, at most once for each key, owner and request; again it gives the kept
   * answer, or throws the kept refusal. The answer is kept in the same transaction: a crash leaves both or neither.
   * @throws DomainError `idempotency_in_progress` while the first is running, `idempotency_key_reused` for
   * another request under the same key
   */
  async run<T extends object>(
    request: IdempotentRequest,
    work: (tx: EntityManager) => Promise<T>,
  ): Promise<T> {
    const { key } = request;
    if (key === null) return this.transactions.run(work);
    const claim: Claim = { request, key, lock: 'pg_try_advisory_xact_lock' };
    // Behind a savepoint a refusal by a rule undoes the work, and can still be kept under the key's lock.
    const outcome = await this.transactions.run((tx) => claimAndWork(claim, () => tx.transaction(work), tx));
    return resultOf(outcome);
  }

  /**
   * Like {@link run} for work that is too long for one transaction: it makes transactions of its own from
   * `manager`, and uses no other connection. What it did before it failed stays. A crash after the last step, before
   * the answer is kept, makes the next request with the key do all of it again: so the work must be such that doing
   * it again changes nothing. The lock is the session's and dies with it: no key stays in progress.
   */
  async runInSteps<T extends object>(
    request: IdempotentRequest,
    work: (manager: EntityManager) => Promise<T>,
  ): Promise<T> {
    const { key } = request;
    if (key === null) return work(this.dataSource.manager);
    const claim: Claim = { request, key, lock: 'pg_try_advisory_lock' };
    const outcome = await this.transactions.onOneConnection((connection) =>
      claimAndWork(claim, () => work(connection), connection),
    );
    return resultOf(outcome);
  }

  /**
   * The kept answer to this request, or null: for slow work that comes before the transaction, which a retry then
   * does not pay for. Only {@link run} decides.
   * @throws DomainError the kept refusal; `idempotency_key_reused`
   */
  async findKept<T extends object>(request: IdempotentRequest): Promise<T | null> {
    const { key } = request;
    if (key === null) return null;
    const kept = await readKept<T>(request, key, this.dataSource.manager);
    if (!kept) return null;
    request.markReplayed();
    return resultOf(fromKept(kept));
  }
}

function resultOf<T>(outcome: Outcome<T>): T {
  if ('refusal' in outcome) throw outcome.refusal;
  return outcome.result;
}

async function claimAndWork<T>(
  claim: Claim,
  work: () => Promise<T>,
  manager: EntityManager,
): Promise<Outcome<T>> {
  const kept = await claimKey<T>(claim, manager);
  if (kept) {
    claim.request.markReplayed();
    return fromKept(kept);
  }
  const outcome = await attempt(work);
  await keepAnswer(claim, toKept(outcome, claim.request), manager);
  return outcome;
}

/**
 * Takes the key's lock and looks for what was kept in a statement of its own, which sees what the lock's last holder
 * committed. Null for who is to do the work.
 * @throws DomainError `idempotency_in_progress`, `idempotency_key_reused`
 */
async function claimKey<T>(
  { request, key, lock }: Claim,
  manager: EntityManager,
): Promise<KeptAnswer<T> | null> {
  const [answer] = await manager.query<{ isHeld: boolean }[]>(
    `SELECT ${lock}(hashtextextended($1 || ' ' || $2, 0)) AS "isHeld"`,
    [request.owner, key],
  );
  const kept = await readKept<T>(request, key, manager);
  if (!kept && !answer?.isHeld)
    throw new DomainError('idempotency_in_progress', 'The first request with this key is still running.');
  return kept;
}

/** @throws DomainError `idempotency_key_reused` */
async function readKept<T>(
  { owner, hash }: IdempotentRequest,
  key: string,
  manager: EntityManager,
): Promise<KeptAnswer<T> | null> {
  const [record] = await manager.query<{ requestHash: Buffer; answer: KeptAnswer<T> }[]>(
    `SELECT request_hash AS "requestHash", answer FROM idempotency_records
      WHERE owner = $1 AND key = $2 AND created_at > now() - interval '24 hours'`,
    [owner, key],
  );
  if (record && !record.requestHash.equals(hash))
    throw new DomainError('idempotency_key_reused', 'This Idempotency-Key was used for another request.');
  return record?.answer ?? null;
}

async function attempt<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { result: await work() };
  } catch (error) {
    if (isKept(error)) return { refusal: error };
    throw error;
  }
}

/** Refusals by a rule are answers; bad fields, missing rights and failures are not. */
function isKept(error: unknown): error is DomainError {
  if (!(error instanceof DomainError) || error.code === 'validation_failed') return false;
  return error.kind === 'conflict' || error.kind === 'invalid';
}

function toKept<T>(outcome: Outcome<T>, { requestId }: IdempotentRequest): KeptAnswer<T> {
  if ('result' in outcome) return outcome;
  const { code, message, errors, extra } = outcome.refusal;
  return { refusal: { code, detail: message, errors: errors ?? null, extra: { ...extra, requestId } } };
}

function fromKept<T>(kept: KeptAnswer<T>): Outcome<T> {
  if ('result' in kept) return kept;
  const { code, detail, errors, extra } = kept.refusal;
  return { refusal: new DomainError(code, detail, { ...(errors && { errors }), extra: { ...extra } }) };
}

/** Writes the record, in the place of an expired one. */
async function keepAnswer<T>(
  { request: { owner, hash }, key }: Claim,
  answer: KeptAnswer<T>,
  manager: EntityManager,
): Promise<void> {
  await manager.query(
    `INSERT INTO idempotency_records (owner, key, request_hash, answer) VALUES ($1, $2, $3, $4)
     ON CONFLICT (owner, key) DO UPDATE
       SET request_hash = excluded.request_hash, answer = excluded.answer, created_at = excluded.created_at`,
    [owner, key, hash, JSON.stringify(answer)],
  );
}

/** Kept answers show addresses: the person's own, and those that staff got about them. */
async function eraseAnswers(userId: string, tx: EntityManager): Promise<void> {
  await tx.query('DELETE FROM idempotency_records WHERE owner = $1 OR strpos(answer::text, $1) > 0', [
    userId,
  ]);
}
