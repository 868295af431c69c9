import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { ENV, type Env } from '../../config/env';
import { LOGGER } from '../logging/logger';
import { REDIS, Redis } from './redis';

async function connectRedis(env: Env, logger: Logger): Promise<Redis | null> {
  if (!env.REDIS_URL) return null;
  const redis = await Redis.at(env.REDIS_URL, logger);
  await redis.connect();
  if (!redis.isReady) logger.warn('Redis does not answer; limits are counted in this process until it does');
  return redis;
}

@Global()
@Module({
  providers: [{ provide: REDIS, inject: [ENV, LOGGER], useFactory: connectRedis }],
  exports: [REDIS],
})
export class RedisModule implements OnApplicationShutdown {
  constructor(@Inject(REDIS) private readonly redis: Redis | null) {}

  async onApplicationShutdown(): Promise<void> {
    await this.redis?.disconnect();
  }
}
