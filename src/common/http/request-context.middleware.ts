import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';
import { currentRequestId } from '../logging/request-id';
import { type AppRequest, requestPath, routeTemplate } from './app-request';
import type { Draining } from './draining';
import { isEventStream } from './event-stream';

const REQUEST_ID = /^[A-Za-z0-9_.:-]{1,128}$/;

type Middleware = (request: Request, response: Response, next: NextFunction) => void;

/** Gives the request its id, answers with it, forbids storing by default, and writes one log line when it is done. */
export function requestContext(logger: Logger, draining: Draining): Middleware {
  return (incoming, response, next) => {
    const request = incoming as AppRequest;
    const startedAt = process.hrtime.bigint();
    const given = request.headers['x-request-id'];
    request.id = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    response.setHeader('X-Request-Id', request.id);
    response.setHeader('Cache-Control', 'private, no-store');
    // `no-cache` speaks to caches; Express would take it as a reason not to answer 304.
    if (request.headers['if-none-match']) delete request.headers['cache-control'];
    if (draining.hasBegun) response.setHeader('Connection', 'close');
    response.once('close', () => logRequest(logger, request, response, startedAt));
    const goOn = (): void => currentRequestId.run(request.id, next);
    if (draining.held) void draining.held.then(goOn);
    else goOn();
  };
}

function logRequest(logger: Logger, request: AppRequest, response: Response, startedAt: bigint): void {
  const milliseconds = Number(process.hrtime.bigint() - startedAt) / 1e6;
  logger.info({
    event: isEventStream(response) ? 'stream' : 'request',
    requestId: request.id,
    userId: request.user?.id,
    method: request.method,
    route: routeTemplate(request) ?? requestPath(request),
    status: response.statusCode,
    isComplete: response.writableFinished,
    ms: Math.round(milliseconds * 10) / 10,
  });
}
