import { Global, Module } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
import { REDIS, type Redis } from '../redis/redis';
import { GuestLimits } from './guest-limits';
import { LimitCounter } from './limit-counter';

@Global()
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [REDIS],
      // Limit and window come from the route's class (see LimitGuard).
      useFactory: (redis: Redis | null) => ({
        throttlers: [{ limit: 1, ttl: 1 }],
        storage: new LimitCounter(redis),
      }),
    }),
  ],
  providers: [LimitCounter, GuestLimits],
  exports: [LimitCounter, GuestLimits, ThrottlerModule],
})
export class LimitsModule {}
