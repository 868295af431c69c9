import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../src/common/logging/logger';
import { Redis } from '../src/common/redis/redis';
import { atOnce } from './support/answers';
import { TEST_REDIS_URL } from './support/redis';
import { SlowProxy } from './support/slow-proxy';

// Where there is no redis-server on the PATH, the start of the run has said that these do not run.
if (TEST_REDIS_URL) {
  describe('a Redis that falls silent', () => {
    let proxy: SlowProxy;
    let redis: Redis;

    beforeAll(async () => {
      proxy = await SlowProxy.before(TEST_REDIS_URL ?? '');
      redis = await Redis.at(proxy.url, createLogger('silent', { write: () => undefined }));
      await redis.connect();
    });

    afterAll(async () => {
      await redis.disconnect();
      proxy.close();
    });

    /** What came of so many commands at once. */
    async function outcomes(count: number): Promise<Record<string, number>> {
      const found: Record<string, number> = {};
      for (const outcome of await atOnce(count, () => redis.ping().catch((error: Error) => error.message)))
        found[String(outcome)] = (found[String(outcome)] ?? 0) + 1;
      return found;
    }

    it('is left alone after five failures, then asked by one command at a time until it answers', async () => {
      expect(await outcomes(10)).toEqual({ PONG: 10 });
      proxy.delayMs = Infinity;
      expect(await outcomes(5)).toEqual({ 'Redis did not answer in time': 5 });
      expect(await outcomes(3)).toEqual({ 'Redis is left alone after failures': 3 });
      for (let round = 0; round < 2; round++) {
        await sleep(1_050);
        expect(await outcomes(10)).toEqual({
          'Redis did not answer in time': 1,
          'Redis is left alone after failures': 9,
        });
      }
      proxy.delayMs = 0;
      proxy.leadTo(TEST_REDIS_URL ?? '');
      await sleep(1_050);
      await outcomes(1);
      expect(await outcomes(10)).toEqual({ PONG: 10 });
    });
  });
}
