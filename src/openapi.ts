import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import { problemAnswer } from './common/openapi/problems.decorator';
import { ProblemResponse } from './common/openapi/problem.response';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

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

/** The OpenAPI document of the routes as they are, with the errors that any route may give. */
export function documentOf(app: NestExpressApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Cartwright')
    .setDescription('The backend of a shop: catalogue, cart, orders, coupons, accounts.')
    .setVersion('1')
    .addServer('/')
    .addBearerAuth()
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    extraModels: [ProblemResponse],
    operationIdFactory: (controller, method) => operationId(controller, method),
  });
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      const operation = item[method];
      if (operation) addCommonProblems(path, operation);
    }
  }
  return document;
}

/** `OrdersController.place` is `ordersPlace`. */
function operationId(controller: string, method: string): string {
  const name = controller.replace(/Controller$/, '');
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}${method.charAt(0).toUpperCase()}${method.slice(1)}`;
}

/** Refusals that follow from what a route takes. Those that it declares itself are kept, with these added. */
function addCommonProblems(path: string, operation: Operation): void {
  if (!path.startsWith('/api/')) return;
  const parameters = operation.parameters ?? [];
  const takesId = parameters.some(
    (parameter) => 'in' in parameter && parameter.in === 'path' && /id$/i.test(parameter.name),
  );
  const takesBody = operation.requestBody !== undefined;
  addProblem(operation, 400, [
    'malformed_request',
    ...(takesBody ? ['malformed_json'] : []),
    ...(takesId ? ['malformed_id'] : []),
  ]);
  addProblem(operation, 401, ['unauthenticated', 'token_expired', 'token_revoked', 'invalid_token']);
  if (operation.security) addProblem(operation, 403, ['forbidden']);
  if (takesBody) addProblem(operation, 413, ['body_too_large']);
  if (takesBody) addProblem(operation, 415, ['unsupported_media_type']);
  addProblem(operation, 422, ['validation_failed']);
  addProblem(operation, 429, ['too_many_requests']);
  addProblem(operation, 503, ['service_unavailable']);
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
