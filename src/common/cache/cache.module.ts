import { CacheModule as NestCacheModule } from '@nestjs/cache-manager';
import { Global, Module } from '@nestjs/common';
import { ENV, type Env } from '../../config/env';
import { REDIS, type Redis } from '../redis/redis';
import { AnswerCache } from './answer-cache';
import { CacheGenerations } from './cache-generations';
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
  providers: [AnswerCache, CacheGenerations],
  exports: [AnswerCache, CacheGenerations],
})
export class CacheModule {}
