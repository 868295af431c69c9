import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { Response } from 'express';
import type { Logger } from 'pino';
import { isUnavailable } from '../database/database-errors';
import { type AppRequest, requestPath, routeTemplate } from '../http/app-request';
import { LOGGER } from '../logging/logger';
import { DomainError } from './domain-error';
import { HttpProblem } from './http-problem';
import { type Problem, STATUS_OF, TITLES } from './problem';

/** Answers every error as `application/problem+json`, and tells the log about those that are ours, and about who tried what they may not. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<AppRequest>();
    const response = host.switchToHttp().getResponse<Response>();
    const problem = toProblem(error);
    if (problem.status >= 500) this.logger.error({ err: error }, problem.code);
    if (problem.status === 403) {
      const { method, user } = request;
      this.logger.warn({ event: 'access_denied', userId: user?.id, method, route: routeTemplate(request) });
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    sendProblem(request, response, problem);
  }
}

/** Writes the problem with the headers that its status asks for. */
export function sendProblem(request: AppRequest, response: Response, problem: Problem): void {
  const { status, code, detail, errors, extra } = problem;
  if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  const retryAfter = problem.retryAfterSeconds ?? (status === 503 ? 1 : undefined);
  if (retryAfter !== undefined) response.setHeader('Retry-After', retryAfter);
  if (status === 429 && retryAfter !== undefined) nothingRemains(response, retryAfter);
  response.removeHeader('ETag');
  response.setHeader('Cache-Control', 'private, no-store');
  response.status(status).type('application/problem+json');
  response.send(
    JSON.stringify({
      type: `urn:cartwright:problem:${code}`,
      title: TITLES[status] ?? 'Error',
      status,
      code,
      detail,
      instance: requestPath(request),
      requestId: request.id,
      ...(errors && { errors }),
      ...extra,
    }),
  );
}

/** Whichever limit refused: that of the route, whose headers are set, may have some left. */
function nothingRemains(response: Response, retryAfterSeconds: number): void {
  response.setHeader('RateLimit-Remaining', 0);
  response.setHeader('RateLimit-Reset', retryAfterSeconds);
}

/** What a client is told of an error. */
export function toProblem(error: unknown): Problem {
  if (error instanceof DomainError) return fromDomain(error);
  if (error instanceof HttpProblem) return error.toProblem();
  if (isUnavailable(error)) {
    return {
      status: 503,
      code: 'service_unavailable',
      detail: 'A service that this needs is down. Try again shortly.',
    };
  }
  if (error instanceof HttpException) return fromHttp(error);
  return { status: 500, code: 'internal_error', detail: 'Something went wrong on our side.' };
}

function fromDomain(error: DomainError): Problem {
  const { code, message, errors, extra, retryAfterSeconds } = error;
  return {
    status: STATUS_OF[error.kind],
    code,
    detail: message,
    ...(errors && { errors }),
    extra,
    retryAfterSeconds,
  };
}

/** What Nest and Express throw by themselves: unknown routes and paths that cannot be decoded. */
function fromHttp(error: HttpException): Problem {
  const status = error.getStatus();
  if (status === 404) return { status, code: 'route_not_found', detail: 'There is no such route.' };
  if (status < 500) return { status: 400, code: 'malformed_request', detail: 'The request cannot be read.' };
  return { status: 500, code: 'internal_error', detail: 'Something went wrong on our side.' };
}
