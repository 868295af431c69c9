import { KeyvAdapter } from 'cache-manager';
import { Keyv, type KeyvStoreAdapter } from 'keyv';
import { LRUCache } from 'lru-cache';
import type { Redis } from '../redis/redis';

/** Keys of this version of the kept answers. */
const NAMESPACE = 'cw1:answers';
const MEGABYTE = 1_000_000;
/** What an answer takes besides its text and its key: objects, headers and its place in the store. */
const OVERHEAD_BYTES = 700;

const BEYOND_LATIN_1 = /[\u0100-\uffff]/;

/** Holds what was asked for last, bounded by about what it takes in memory. Nothing is serialized. */
export function inProcessStore(megabytes: number): Keyv {
  const answers = new LRUCache<string, object>({
    maxSize: megabytes * MEGABYTE,
    sizeCalculation: (value, key) => sizeOf(value) + key.length + OVERHEAD_BYTES,
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

/** Bytes of the text of a kept answer: one for a character of Latin-1, and two for each where there are others. */
function sizeOf(value: object): number {
  const { body } =
    'value' in value && typeof value.value === 'object' ? (value.value as { body?: unknown }) : {};
  if (typeof body !== 'string') return 0;
  return BEYOND_LATIN_1.test(body) ? 2 * body.length : body.length;
}
