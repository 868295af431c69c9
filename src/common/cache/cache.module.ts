import { CacheModule as NestCacheModule } from '@nestjs/cache-manager';
import { Global, Module } from '@nestjs/common';
import { ENV, type Env } from '../../config/env';
import { REDIS, type Redis } from '../redis/redis';
import { AnswerCache } from './answer-cache';
import { CacheGenerations } from './cache-generations';
import { CachedReads } from './cached-reads';
import { inProcessStore, redisStore } from './cache-stores';

@Global()
@Module({
  imports: [
    NestCacheModule.registerAsync({
      inject: [ENV, REDIS],
      useFactory: async (env: Env, redis: Redis | null) => ({
        stores: [inProcessStore(env.CACHE_MEMORY_MB), ...(redis ? [await redisStore(redis)] : [])],
      }),
    }),
  ],
  providers: [AnswerCache, CacheGenerations, CachedReads],
  exports: [AnswerCache, CacheGenerations, CachedReads],
})
export class CacheModule {}
