import { QueryFailedError } from 'typeorm';

interface PostgresError {
  code?: string;
  constraint?: string;
}

/** What PostgreSQL said, from under TypeORM's wrapper or as the driver threw it. */
function postgresError(error: unknown): PostgresError {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  return typeof cause === 'object' && cause !== null ? cause : {};
}

const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';

/** The name of the unique constraint or index that the statement broke, or null. */
export function violatedUnique(error: unknown): string | null {
  return violated(error, UNIQUE_VIOLATION);
}

/** The name of the foreign key that the statement broke, or null. */
export function violatedForeignKey(error: unknown): string | null {
  return violated(error, FOREIGN_KEY_VIOLATION);
}

function violated(error: unknown, sqlState: string): string | null {
  const { code, constraint } = postgresError(error);
  return code === sqlState ? (constraint ?? null) : null;
}

/** A deadlock (40P01) or a serialization failure (40001): the same transaction may well succeed when it is run again. */
export function isRetryable(error: unknown): boolean {
  return ['40P01', '40001'].includes(postgresError(error).code ?? '');
}

/** The statement waited for a lock for as long as `lock_timeout` allows. */
export function isLockTimeout(error: unknown): boolean {
  return postgresError(error).code === '55P03';
}

/** The statement took longer than `statement_timeout` allows, or was cancelled. */
export function isStatementTimeout(error: unknown): boolean {
  return postgresError(error).code === '57014';
}

/** The role that is connected may not do this. */
export function isRefused(error: unknown): boolean {
  return postgresError(error).code === '42501';
}

/**
 * A replica ended the statement: it stood in the way of changes that were to be replayed (40001), or took too long
 * (57014).
 */
export function isEndedByReplica(error: unknown): boolean {
  return ['40001', '57014'].includes(postgresError(error).code ?? '');
}

/**
 * PostgreSQL is away, overloaded, or someone else holds the lock: the request may be tried again later.
 * SQLSTATE classes 08 (connection), 28 (it lets us not in: a password that was changed), 53 (resources), 57 (operator
 * intervention: restart, statement timeout), 55P03 (lock timeout), 25P03 (idle in transaction), 25006 (it takes no
 * writes: a failover has left it behind, or its disk is full), and 40 when the retries are used up.
 */
export function isUnavailable(error: unknown): boolean {
  const { code } = postgresError(error);
  if (code === undefined) return isConnectionLoss(error);
  return (
    /^(08|28|53|57|40)...$/.test(code) || ['55P03', '25P03', '25006'].includes(code) || isNetworkCode(code)
  );
}

function isNetworkCode(code: string): boolean {
  return [
    'ECONNREFUSED',
    'ECONNRESET',
    'ENOTFOUND',
    'EAI_AGAIN',
    'ETIMEDOUT',
    'EPIPE',
    'EHOSTUNREACH',
    'ENOENT',
  ].includes(code);
}

/**
 * The driver's and the pool's own failures carry no code, only these words. TypeORM says `already released` of a
 * connection that was lost between two statements.
 */
function isConnectionLoss(error: unknown): boolean {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const message = cause instanceof Error ? cause.message : '';
  return /timeout exceeded when trying to connect|connection terminated|connection timeout|not queryable|Driver not Connected|Client has encountered a connection error|Query read timeout|query runner (was )?already released/i.test(
    message,
  );
}
