import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import { CART_TOKEN_HEADER } from './common/auth/cart-token';
import { addAnswerHeaders, ANSWER_HEADERS, takesHeader } from './common/openapi/answer-headers';
import type { Operation, Schemas } from './common/openapi/document-types';
import { completeParameters, completeSchemas } from './common/openapi/formats';
import { problemAnswer } from './common/openapi/problems.decorator';
import { ProblemResponse } from './common/openapi/problem.response';

/** A public route knows whoever sends a token along. */
const OPTIONAL_BEARER: Operation['security'] = [{}, { bearer: [] }];

/** What a guest sends instead. */
const CART_TOKEN = {
  type: 'apiKey',
  in: 'header',
  name: CART_TOKEN_HEADER,
  description: 'The `token` of a guest cart, from `POST /carts`. Beside a Bearer token it says nothing.',
} as const;

const DOCS_PATH = 'api/docs';

/** Swagger UI brings scripts and styles of its own; everything else may load nothing at all. */
const DOCS_POLICY =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/** Serves Swagger UI at `/api/docs` and the document at `/api/docs/openapi.json`. */
export function serveDocs(app: NestExpressApplication): void {
  app.use(`/${DOCS_PATH}`, (_: Request, response: Response, next: NextFunction) => {
    response.setHeader('Content-Security-Policy', DOCS_POLICY);
    next();
  });
  SwaggerModule.setup(DOCS_PATH, app, () => documentOf(app), {
    jsonDocumentUrl: `${DOCS_PATH}/openapi.json`,
    raw: ['json'],
    customSiteTitle: 'Cartwright',
  });
}

/**
 * The OpenAPI document of the routes as they are. Types, descriptions and what is required come from the
 * source, limits from the decorators of fields.ts; added here is what follows from the conventions.
 */
export function documentOf(app: NestExpressApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Cartwright')
    .setDescription('The backend of a shop: catalogue, cart, orders, coupons, accounts.')
    .setVersion('1')
    .addServer('/')
    .addBearerAuth()
    .addApiKey(CART_TOKEN, 'cartToken')
    .addTag('Auth', 'Accounts and sessions.')
    .addTag('Users', 'Accounts as admins keep them, and one’s own profile.')
    .addTag('Categories', 'The tree of the catalogue.')
    .addTag('Products', 'What is sold, and its stock.')
    .addTag('Cart', 'What a customer, or a guest, is about to order.')
    .addTag('Orders', 'What was ordered, until it is delivered.')
    .addTag('Coupons', 'Discounts and who redeemed them.')
    .addTag('Events', 'What happened in the shop, for other systems.')
    .addTag('Webhooks', 'Addresses that are told of what happens, and what was delivered.')
    .addTag('Operations', 'For load balancers and monitoring.')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    extraModels: [ProblemResponse],
    operationIdFactory: (controller, method) => operationId(controller, method),
  });
  const { schemas = {} } = (document.components ??= {});
  completeSchemas(schemas);
  document.components.headers = ANSWER_HEADERS;
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      const operation = item[method];
      if (!operation) continue;
      completeParameters(operation);
      if (path.startsWith('/api/')) addConventions(operation, method === 'get', schemas);
      else addProblemsOfAll(operation);
    }
  }
  return document;
}

/** `OrdersController.place` is `ordersPlace`. */
function operationId(controller: string, method: string): string {
  const name = controller.replace(/Controller$/, '');
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}${method.charAt(0).toUpperCase()}${method.slice(1)}`;
}

function addConventions(operation: Operation, isRead: boolean, schemas: Schemas): void {
  addCommonProblems(operation, isRead);
  addAnswerHeaders(operation, isRead, schemas);
  operation.security ??= OPTIONAL_BEARER;
}

/** Refusals that follow from what a route takes. Those that it declares itself are kept, with these added. */
function addCommonProblems(operation: Operation, isRead: boolean): void {
  addProblem(operation, 400, ['malformed_request', ...(takesId(operation) ? ['malformed_id'] : [])]);
  addProblemsOfAll(operation);
  if (!isRead) addBodyProblems(operation);
  if (takesCartToken(operation)) addProblem(operation, 404, ['not_found']);
  if (operation.security) addProblem(operation, 403, ['forbidden']);
  if (takesHeader(operation, 'Idempotency-Key')) {
    addProblem(operation, 409, ['idempotency_in_progress']);
    addProblem(operation, 422, ['idempotency_key_reused']);
  }
  addProblem(operation, 429, ['too_many_requests']);
  addProblem(operation, 503, ['service_unavailable']);
}

/** A body is looked at where none is due, too: there is no property that it may have. */
function addBodyProblems(operation: Operation): void {
  const readsJson = !operation.requestBody || takesMediaType(operation, 'application/json');
  if (readsJson) addProblem(operation, 400, ['malformed_json']);
  addProblem(operation, 413, ['body_too_large']);
  addProblem(operation, 415, ['unsupported_media_type']);
}

/** A bad token and an unknown parameter are refused everywhere. */
function addProblemsOfAll(operation: Operation): void {
  addProblem(operation, 401, ['unauthenticated', 'token_expired', 'token_revoked', 'invalid_token']);
  addProblem(operation, 422, ['validation_failed']);
}

/** Instead of signing in, or to have the cart merged. */
function takesCartToken(operation: Operation): boolean {
  const isForGuests = operation.security?.some((scheme) => 'cartToken' in scheme) ?? false;
  return isForGuests || takesHeader(operation, CART_TOKEN_HEADER);
}

function takesMediaType({ requestBody }: Operation, mediaType: string): boolean {
  return requestBody !== undefined && 'content' in requestBody && mediaType in requestBody.content;
}

function takesId({ parameters = [] }: Operation): boolean {
  return parameters.some(
    (parameter) =>
      'in' in parameter &&
      parameter.in === 'path' &&
      parameter.schema &&
      'format' in parameter.schema &&
      parameter.schema.format === 'uuid',
  );
}

function addProblem(operation: Operation, status: number, codes: string[]): void {
  const declared = operation.responses[status];
  if (!declared) {
    const { status: _, ...answer } = problemAnswer(status, codes);
    operation.responses[status] = answer;
    return;
  }
  if ('description' in declared) {
    const missing = codes.filter((code) => !declared.description?.includes(`\`${code}\``));
    declared.description = [declared.description, ...missing.map((code) => `\`${code}\``)].join(', ');
  }
}
