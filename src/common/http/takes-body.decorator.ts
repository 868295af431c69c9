import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import type { AppRequest } from './app-request';

/** Metadata key: the media type of a body that is not JSON. */
export const TAKES_BODY = 'takes-body';

/**
 * The route takes a body of this media type in the place of JSON, and reads it by itself: see {@link UnreadBody}.
 * Its type and encoding are checked before that.
 */
export const TakesBody = (mediaType: string): MethodDecorator =>
  applyDecorators(SetMetadata(TAKES_BODY, mediaType), ApiConsumes(mediaType));

/** The request, whose body is still to be read. */
export const UnreadBody = createParamDecorator((_: unknown, context: ExecutionContext): AppRequest =>
  context.switchToHttp().getRequest<AppRequest>(),
);
