import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { together } from '../database/together';
import { Transactions } from '../database/transactions';
import { DomainError } from '../errors/domain-error';
import { Cleaning } from '../jobs/cleaning';
import { PersonalData } from '../personal-data/personal-data';
import type { IdempotentRequest } from './idempotency.decorator';
import { type KeptAnswer, KeptAnswers, type KeyedRequest } from './kept-answers';

type Outcome<T> = { result: T } | { refusal: DomainError };

interface Claim {
  request: KeyedRequest;
  /** Ends with the transaction, or with the session. Both are one lock: each keeps the other out. */
  lock: 'pg_try_advisory_xact_lock' | 'pg_try_advisory_lock';
}

/** Whom the result of the work is about: the id of a user. */
type SubjectOf<T> = (result: T) => string;

/** Keeps the first answer to a request, for those that come again under its key. */
@Injectable()
export class Idempotency {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly answers: KeptAnswers,
    personalData: PersonalData,
    cleaning: Cleaning,
  ) {
    cleaning.remove('idempotency_records', "created_at < now() - interval '24 hours'");
    personalData.onErase((userId, tx) => answers.erase(userId, tx));
  }

  /**
   * Runs `work` in one transaction, at most once for each key, owner and request; again it gives the kept
   * answer, or throws the kept refusal. The answer is kept in the same transaction: a crash leaves both or neither.
   * @param subjectOf needed where the result tells of a person who is not the key's owner: with them it is erased
   * @throws DomainError `idempotency_in_progress` while the first is running, `idempotency_key_reused` for
   * another request under the same key
   */
  async run<T extends object>(
    request: IdempotentRequest,
    work: (tx: EntityManager) => Promise<T>,
    subjectOf?: SubjectOf<T>,
  ): Promise<T> {
    if (!hasKey(request)) return this.transactions.run(work);
    const claim: Claim = { request, lock: 'pg_try_advisory_xact_lock' };
    // Behind a savepoint a refusal by a rule undoes the work, and can still be kept under the key's lock.
    const outcome = await this.transactions.run((tx) =>
      this.claimAndWork(claim, () => tx.transaction(work), tx, subjectOf),
    );
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
    if (!hasKey(request)) return work(this.dataSource.manager);
    const claim: Claim = { request, lock: 'pg_try_advisory_lock' };
    const outcome = await this.transactions.onOneConnection((connection) =>
      this.claimAndWork(claim, () => work(connection), connection),
    );
    return resultOf(outcome);
  }

  /**
   * The kept answer to this request, or null: for slow work that comes before the transaction, which a retry then
   * does not pay for. Only {@link run} decides.
   * @throws DomainError the kept refusal; `idempotency_key_reused`
   */
  async findKept<T extends object>(request: IdempotentRequest): Promise<T | null> {
    const kept = hasKey(request) && (await this.answers.find<T>(request, this.dataSource.manager));
    if (!kept) return null;
    request.markReplayed();
    return resultOf(fromKept(kept));
  }

  private async claimAndWork<T>(
    claim: Claim,
    work: () => Promise<T>,
    manager: EntityManager,
    subjectOf?: SubjectOf<T>,
  ): Promise<Outcome<T>> {
    const { request } = claim;
    const kept = await this.claimKey<T>(claim, manager);
    if (kept) {
      request.markReplayed();
      return fromKept(kept);
    }
    const outcome = await attempt(work);
    const subject = 'result' in outcome ? subjectOf?.(outcome.result) : undefined;
    await this.answers.keep(request, toKept(outcome, request), subject ?? null, manager);
    return outcome;
  }

  /**
   * Takes the key's lock and looks for what was kept in a statement of its own, which sees what the lock's last holder
   * committed. Null for who is to do the work.
   * @throws DomainError `idempotency_in_progress`, `idempotency_key_reused`
   */
  private async claimKey<T>({ request, lock }: Claim, manager: EntityManager): Promise<KeptAnswer<T> | null> {
    const [[answer], kept] = await together([
      manager.query<{ isHeld: boolean }[]>(
        `SELECT ${lock}(hashtextextended($1 || ' ' || $2, 0)) AS "isHeld"`,
        [request.owner, request.key],
      ),
      this.answers.find<T>(request, manager),
    ]);
    if (!kept && !answer?.isHeld)
      throw new DomainError('idempotency_in_progress', 'The first request with this key is still running.');
    return kept;
  }
}

function hasKey(request: IdempotentRequest): request is KeyedRequest {
  return request.key !== null;
}

function resultOf<T>(outcome: Outcome<T>): T {
  if ('refusal' in outcome) throw outcome.refusal;
  return outcome.result;
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
