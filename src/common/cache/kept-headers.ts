import type { Response } from 'express';
import type { Env } from '../../config/env';
import type { KeptAnswer } from './answer-cache';

/** How long a client may show what it has while it asks again, in seconds. */
const STALE_SECONDS = 60;

/** The `Cache-Control` of public answers. */
export function cacheControlOf({ CACHE_MAX_AGE_SECONDS }: Env): string {
  return `public, max-age=${CACHE_MAX_AGE_SECONDS}, stale-while-revalidate=${STALE_SECONDS}`;
}

/** The headers of an answer from the cache. */
export function writeKeptHeaders(
  { etag, link }: KeptAnswer,
  { isHit, cacheControl }: { isHit: boolean; cacheControl: string },
  response: Response,
): void {
  response.setHeader('X-Cache', isHit ? 'HIT' : 'MISS');
  response.setHeader('Cache-Control', cacheControl);
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('ETag', etag);
  if (link !== null) response.setHeader('Link', link);
}
