import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { AppRequest } from './app-request';
import { documentHeader } from '../openapi/document-header';
import { Precondition } from './etag';

/** The `If-Match` condition of a write. */
export const IfMatch = createParamDecorator(
  (_: unknown, context: ExecutionContext): Precondition =>
    new Precondition(context.switchToHttp().getRequest<AppRequest>().headers['if-match']),
  [
    documentHeader(
      'If-Match',
      'The ETag that you read, or its version alone (`"7"`): stale gives 412, nothing changed.',
    ),
  ],
);

export const ETAG = 'etag';
export const LOCATION = 'location';

/** How the answer of a route makes its `ETag`. */
export const Etag = <T>(tagOf: (body: T) => string): MethodDecorator => SetMetadata(ETAG, tagOf);

/** How a 201 names the new resource's path, below `/api`. */
export const Location = <T>(pathOf: (body: T, request: AppRequest) => string): MethodDecorator =>
  SetMetadata(LOCATION, pathOf);
