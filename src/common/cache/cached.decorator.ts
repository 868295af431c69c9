import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';

/** What cached answers are made of. A change of it makes them worthless: see the triggers that raise its generation. */
export type CacheScope = 'catalogue' | 'stock';

/** Metadata key of the scopes of a cached route. */
export const CACHED = 'cached';

/**
 * A public read that is the same for everyone who is not staff, and may be kept until one of these scopes changes.
 * Clients and shared caches may keep it for a short while.
 */
export const Cached = (...scopes: CacheScope[]): MethodDecorator =>
  applyDecorators(SetMetadata(CACHED, scopes), ApiExtension('x-cached', true));
