import { KeyvAdapter } from 'cache-manager';
import { Keyv, type KeyvStoreAdapter } from 'keyv';
import { LRUCache } from 'lru-cache';
import type { Redis } from '../redis/redis';

/** Keys of this version of the kept answers. */
const NAMESPACE = 'cw1:answers';
const MEGABYTE = 1_000_000;

/** Holds what was asked for last, bounded by the length of the answers. Nothing is serialized. */
export function inProcessStore(megabytes: number): Keyv {
  const answers = new LRUCache<string, object>({
    maxSize: megabytes * MEGABYTE,
    sizeCalculation: (value, key) => sizeOf(value) + key.length,
  });
  const store = {
    get: (key: string) => answers.get(key),
    set: (key: string, value: object) => void answers.set(key, value),
    delete: (key: string) => answers.delete(key),
    clear: () => answers.clear(),
  };
  return plainKeyv(store);
}

/**
 * The answers that all instances share. The store's own clear() would empty the whole database of Redis, and its
 * own connection would end the process when Redis goes away: it is given ours, and nothing is ever cleared.
 */
export async function redisStore(redis: Redis): Promise<Keyv> {
  const { redisInsStore } = await import('cache-manager-redis-yet');
  const store = redisInsStore(redis as unknown as Parameters<typeof redisInsStore>[0]);
  const keyv = plainKeyv(new KeyvAdapter(store));
  // Trouble with Redis is a miss.
  keyv.on('error', () => undefined);
  return keyv;
}

/** Without Keyv's own serialization: one store needs none, and the other has its own. */
function plainKeyv(store: object): Keyv {
  return new Keyv({
    store: store as KeyvStoreAdapter,
    namespace: NAMESPACE,
    serialize: undefined,
    deserialize: undefined,
  });
}

/** Characters of a kept answer, of which Latin text takes a byte each. */
function sizeOf(value: object): number {
  const { body } =
    'value' in value && typeof value.value === 'object' ? (value.value as { body?: unknown }) : {};
  return typeof body === 'string' && body.length > 0 ? body.length : 1;
}
