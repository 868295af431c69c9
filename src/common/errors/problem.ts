import type { ErrorCode, ErrorKind } from './error-codes';
import type { FieldError } from './domain-error';

/** Codes that HTTP itself gives rise to, next to those of the domain. */
export type ProblemCode =
  ErrorCode | 'route_not_found' | 'body_too_large' | 'unsupported_media_type' | 'internal_error';

/** An error answer (RFC 9457) before it is tied to a request. */
export interface Problem {
  status: number;
  code: ProblemCode;
  detail: string;
  errors?: readonly FieldError[];
  extra?: Readonly<Record<string, unknown>>;
  retryAfterSeconds?: number | undefined;
}

export const STATUS_OF: Record<ErrorKind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  stale: 412,
  invalid: 422,
  limited: 429,
  unavailable: 503,
};

/** RFC 9110's reason phrases: the `title` of a problem. */
export const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};
