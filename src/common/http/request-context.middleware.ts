import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics/metrics';
import { type AppRequest, requestPath, routeTemplate } from './app-request';
import { currentRequest } from './current-request';
import type { Draining } from './draining';
import { isEventStream } from './event-stream';

const REQUEST_ID = /^[A-Za-z0-9_.:-]{1,128}$/;

const CLIENT_GONE = 499;

/** A balancer says with it that it tries a read elsewhere when this instance breaks it off; `deploy/nginx` does. */
const RETRIES_READS = 'x-balancer-retries';

type Middleware = (request: Request, response: Response, next: NextFunction) => void;

/**
 * Gives the request its id, answers with it, forbids storing by default; when it is done, writes one log line and counts
 * it. A read that the balancer tries elsewhere is handed back when the listener is about to close.
 */
export function requestContext(logger: Logger, draining: Draining, metrics: Metrics): Middleware {
  // No field of these lines is an object: looking for secrets in them costs three times as much as writing them.
  const lines = logger.child({}, { redact: [] });
  return (incoming, response, next) => {
    const request = incoming as AppRequest;
    if (draining.handsReadsBack && isTriedElsewhere(request)) return void request.socket.destroy();
    const startedAt = performance.now();
    const given = request.headers['x-request-id'];
    request.id = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    response.setHeader('X-Request-Id', request.id);
    response.setHeader('Cache-Control', 'private, no-store');
    // `no-cache` speaks to caches; Express would take it as a reason not to answer 304.
    if (request.headers['if-none-match']) delete request.headers['cache-control'];
    if (draining.hasBegun) response.setHeader('Connection', 'close');
    response.once('close', () => {
      const milliseconds = performance.now() - startedAt;
      const route = routeTemplate(request);
      countRequest(metrics, { request, response, route, milliseconds });
      logRequest(lines, { request, response, route, milliseconds });
    });
    const goOn = (): void => currentRequest.run(request, next);
    if (draining.held) void draining.held.then(goOn);
    else goOn();
  };
}

function isTriedElsewhere({ method, headers }: Request): boolean {
  return headers[RETRIES_READS] === 'reads' && (method === 'GET' || method === 'HEAD');
}

interface Done {
  request: AppRequest;
  response: Response;
  /** Undefined for an unknown one. */
  route: string | undefined;
  milliseconds: number;
}

function logRequest(logger: Logger, { request, response, route, milliseconds }: Done): void {
  logger.info({
    event: isEventStream(response) ? 'stream' : 'request',
    requestId: request.id,
    userId: request.user?.id,
    method: request.method,
    route: route ?? requestPath(request),
    status: response.statusCode,
    isComplete: response.writableFinished,
    ms: Math.round(milliseconds * 10) / 10,
  });
}

/** A client that goes before it has an answer is counted as nginx logs it. */
function countRequest(metrics: Metrics, { request, response, route, milliseconds }: Done): void {
  const status = response.headersSent ? response.statusCode : CLIENT_GONE;
  metrics.countRequest({ method: request.method, route, status, seconds: milliseconds / 1_000 });
}
