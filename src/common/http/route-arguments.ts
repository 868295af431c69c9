import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';

/**
 * Which parts of the request a method takes, from Nest's metadata of its arguments. Nest's own decorators are keyed
 * `3:0`: the part and the position. Custom ones have a random key that may begin with any digit.
 */
export function partsTaken(metadata: unknown): Set<RouteParamtypes> {
  const keys = typeof metadata === 'object' && metadata !== null ? Object.keys(metadata) : [];
  return new Set(keys.filter((key) => /^\d+:\d+$/.test(key)).map((key) => Number.parseInt(key, 10)));
}
