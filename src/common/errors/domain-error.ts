import { ERROR_KINDS, type ErrorCode, type ErrorKind } from './error-codes';

/** One thing wrong with one field. `field` is a JSON path such as `items[0].quantity`. */
export interface FieldError {
  field: string;
  code: string;
  message: string;
}

interface DomainErrorOptions {
  /** The fields concerned, for `validation_failed`. */
  errors?: readonly FieldError[];
  /** Further members of the problem document, such as `available`. */
  extra?: Readonly<Record<string, unknown>>;
  /** When trying again makes sense. */
  retryAfterSeconds?: number;
  /** Where a code means another kind than usual: a mailed `invalid_token` is a bad field, not a bad sign-in. */
  kind?: ErrorKind;
}

/** A refusal by a rule of the shop. It knows its stable code and no HTTP. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly errors: readonly FieldError[] | undefined;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | undefined;
  readonly kind: ErrorKind;

  constructor(
    readonly code: ErrorCode,
    detail: string,
    options: DomainErrorOptions = {},
  ) {
    super(detail);
    this.errors = options.errors;
    this.extra = options.extra ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.kind = options.kind ?? ERROR_KINDS[code];
  }
}

/** `validation_failed` on one field. */
export function invalid(field: string, code: string, message: string): DomainError {
  return invalidFields([{ field, code, message }]);
}

const MAX_REPORTED = 20;
const MAX_REPORTED_LENGTH = 200;

/** `validation_failed` on several fields: at most 20 are reported, so that a hostile request gets a short answer. */
export function invalidFields(errors: readonly FieldError[]): DomainError {
  return new DomainError('validation_failed', 'The request has fields that are not valid.', {
    errors: errors.slice(0, MAX_REPORTED).map(shortened),
  });
}

/** Names of unknown fields, and with them the messages, are as long as the client made them. */
function shortened({ field, code, message }: FieldError): FieldError {
  return { field: shorten(field), code, message: shorten(message) };
}

function shorten(text: string): string {
  return text.length <= MAX_REPORTED_LENGTH ? text : `${text.slice(0, MAX_REPORTED_LENGTH).toWellFormed()}….`;
}

/** `not_found`, also for what belongs to someone else. */
export function notFound(what: string): DomainError {
  return new DomainError('not_found', `There is no such ${what}.`);
}
