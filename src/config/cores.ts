import { availableParallelism } from 'node:os';
import type { Env } from './env';

/** How many cores there are for this process. */
export function coresOf({ WORKERS }: Env): number {
  return Math.max(1, Math.floor(availableParallelism() / WORKERS));
}
