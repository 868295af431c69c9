import { IncomingMessage } from 'node:http';
import type { Span } from '@opentelemetry/api';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { RedisInstrumentation } from '@opentelemetry/instrumentation-redis';
import { type AppRequest, routeTemplate } from '../http/app-request';

/** What machines ask every few seconds. */
const NOT_TRACED = /^\/(?:health(?:\/ready)?|metrics)\/?(?:\?|$)/;

/** Requests, statements and commands become spans; statements and commands only as part of something that has one. */
export function instrumentations(): Instrumentation[] {
  return [
    new HttpInstrumentation({
      ignoreIncomingRequestHook: ({ url }) => NOT_TRACED.test(url ?? ''),
      requireParentforOutgoingSpans: true,
      applyCustomAttributesOnSpan: (span, request) => {
        if (request instanceof IncomingMessage) describeRequest(span, request as AppRequest);
      },
    }),
    new PgInstrumentation({
      requireParentSpan: true,
      ignoreConnectSpans: true,
      // It would call a prepared statement by its name, which is a hash.
      requestHook: (span, { query }) => span.updateName(operationOf(query.text)),
    }),
    new RedisInstrumentation({ requireParentSpan: true, dbStatementSerializer: (command) => command }),
  ];
}

/** Once it is answered: by then the router and the guards have said what it is, or the answers kept ahead of them. */
function describeRequest(span: Span, request: AppRequest): void {
  const route = routeTemplate(request);
  if (route !== undefined) span.setAttribute('http.route', route).updateName(`${request.method} ${route}`);
  if (request.id) span.setAttribute('request.id', request.id);
  if (request.user) span.setAttribute('user.id', request.user.id);
}

/** `SELECT`, `INSERT`, `WITH` … */
function operationOf(statement: string): string {
  return /\w+/.exec(statement)?.[0].toUpperCase() ?? 'SQL';
}
