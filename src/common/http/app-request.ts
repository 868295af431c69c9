import type { Request } from 'express';
import type { AuthenticatedUser } from '../auth/authenticated-user';

/** The request as our middleware and guards leave it. */
export interface AppRequest extends Request {
  /** The request id: taken from `X-Request-Id` or made. */
  id: string;
  user?: AuthenticatedUser;
  /** Of what the answer is made of, where the answer is kept: what was found under the same name is as new. */
  generation?: string;
}

/** The path that was asked for, without the query. */
export function requestPath(request: Request): string {
  return request.originalUrl.split('?', 1)[0] ?? '/';
}

/**
 * The parameters as handlers see them. The text of the request line is no measure: a fragment is no part of them, a
 * second `?` is.
 */
export function requestQuery(request: Request): URLSearchParams {
  const values = Object.entries(request.query).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, one]),
  );
  return new URLSearchParams(values.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

interface Route {
  path?: unknown;
  methods?: Record<string, boolean>;
}

/** `/api/products/:id` for a known route; undefined otherwise: Nest answers for the rest by one that is under all methods. */
export function routeTemplate(request: Request): string | undefined {
  const route = request.route as Route | undefined;
  return typeof route?.path === 'string' && !route.methods?._all ? route.path : undefined;
}
