import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { CachedReads } from './common/cache/cached-reads';
import { currentRequest } from './common/http/current-request';
import { Draining } from './common/http/draining';
import { requestContext } from './common/http/request-context.middleware';
import { LOGGER } from './common/logging/logger';
import { Metrics } from './common/metrics/metrics';
import { validationPipe } from './common/validation/validation.pipe';
import { ENV, type Env } from './config/env';
import { serveDocs } from './openapi';

const ONE_YEAR_SECONDS = 31_536_000;

/** Headers that a browser's script may read. */
const EXPOSED_HEADERS = [
  'ETag',
  'Link',
  'Location',
  'Retry-After',
  'X-Request-Id',
  'X-Cache',
  'Idempotent-Replayed',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
];

type TagOf = (body: Buffer | string, encoding?: BufferEncoding) => string;

/** Everything about HTTP that is not a module: shared by the server and the tests, so that a test meets the real thing. */
export function configureApp(app: NestExpressApplication): void {
  const env = app.get<Env>(ENV);
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  tagReadsOnly(app);
  app.set('trust proxy', env.TRUST_PROXY);
  app.use(requestContext(app.get<Logger>(LOGGER), app.get(Draining), app.get(Metrics)));
  app.use(securityHeaders());
  if (env.CORS_ORIGINS.length > 0) allowOrigins(app, env.CORS_ORIGINS);
  const reads = app.get(CachedReads);
  app.use(reads.answer.bind(reads));
  setRoutePrefix(app);
  app.useGlobalPipes(validationPipe());
  if (env.API_DOCS) serveDocs(app);
  limitSlowClients(app);
}

/** All routes are below `/api`, but for those that machines ask. */
export function setRoutePrefix(app: NestExpressApplication): void {
  app.setGlobalPrefix('api', { exclude: ['health', 'health/ready', 'metrics'] });
}

/** What Express tags by itself: that of an error, or of a write without a version, could be taken for one to match. */
function tagReadsOnly(app: NestExpressApplication): void {
  const tagOf = app.getHttpAdapter().getInstance().get('etag fn') as TagOf;
  app.set('etag', (...body: Parameters<TagOf>) => {
    const { method, res } = currentRequest.getStore() ?? {};
    const isRead = (method === 'GET' || method === 'HEAD') && res !== undefined && res.statusCode < 400;
    return isRead ? tagOf(...body) : undefined;
  });
}

/** What helmet sets is the same for every answer: it is asked once. */
function securityHeaders(): RequestHandler {
  const headers = new Map<string, string>();
  const collector = {
    setHeader: (name: string, value: string) => headers.set(name, value),
    removeHeader: (name: string) => headers.delete(name),
  };
  const set = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    strictTransportSecurity: { maxAge: ONE_YEAR_SECONDS, includeSubDomains: true },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
  set({} as Request, collector as unknown as Response, () => undefined);
  return (_, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

function allowOrigins(app: NestExpressApplication, origins: string[]): void {
  app.enableCors({ origin: origins, credentials: false, exposedHeaders: EXPOSED_HEADERS, maxAge: 600 });
}

/** Headers within 15 s and the whole request within 30 s; idle connections live a little longer than a balancer's 60 s. */
function limitSlowClients(app: NestExpressApplication): void {
  const server = app.getHttpServer();
  server.headersTimeout = 15_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 65_000;
  // How often Node.js looks for who is too slow: every half minute by itself.
  Object.assign(server, { connectionsCheckingInterval: 1_000 });
}
