import cluster from 'node:cluster';
import { Inject, Injectable } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { DomainError } from '../errors/domain-error';
import { REDIS, type Redis } from '../redis/redis';
import { SharedLimiter } from './shared-limiter';

/** A count after one more hit. */
export interface Hit {
  hits: number;
  isOver: boolean;
  /** Until the window ends. */
  resetSeconds: number;
}

type Limiter = RateLimiterMemory | RateLimiterRedis | SharedLimiter;

/**
 * Counts hits in fixed windows: in Redis when there is one; otherwise, and while Redis is away, in this process, or for
 * all workers of this machine in their primary.
 */
@Injectable()
export class LimitCounter implements ThrottlerStorage {
  private readonly limiters = new Map<string, Limiter>();

  constructor(@Inject(REDIS) private readonly redis: Redis | null) {}

  async hit(key: string, limit: number, windowMs: number): Promise<Hit> {
    try {
      return toHit(await this.limiterFor(limit, windowMs).consume(key), limit);
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return toHit(refusal, limit);
      throw refusal;
    }
  }

  /** Counts a hit. @throws DomainError `too_many_requests` when it is one too many */
  async assertBelow(key: string, limit: number, windowMs: number): Promise<void> {
    const { isOver, resetSeconds } = await this.hit(key, limit, windowMs);
    if (isOver) throw tooManyRequests(resetSeconds);
  }

  /** Lets nobody pass under this key for so long. */
  async block(key: string, limit: number, windowMs: number, seconds: number): Promise<void> {
    await this.limiterFor(limit, windowMs).block(key, seconds);
  }

  /** What the throttler guard calls. */
  async increment(
    key: string,
    ttl: number,
    limit: number,
  ): Promise<{ totalHits: number; timeToExpire: number; isBlocked: boolean; timeToBlockExpire: number }> {
    const { hits, isOver, resetSeconds } = await this.hit(key, limit, ttl);
    return {
      totalHits: hits,
      timeToExpire: resetSeconds,
      isBlocked: isOver,
      timeToBlockExpire: isOver ? resetSeconds : 0,
    };
  }

  private limiterFor(limit: number, windowMs: number): Limiter {
    const name = `${limit}/${windowMs}`;
    const existing = this.limiters.get(name);
    if (existing) return existing;
    const limiter = this.createLimiter({
      keyPrefix: `cw1:limit:${name}`,
      points: limit,
      duration: windowMs / 1000,
    });
    this.limiters.set(name, limiter);
    return limiter;
  }

  private createLimiter(options: { keyPrefix: string; points: number; duration: number }): Limiter {
    const here = cluster.isWorker ? new SharedLimiter(options) : new RateLimiterMemory(options);
    if (!this.redis) return here;
    return new RateLimiterRedis({
      ...options,
      storeClient: this.redis,
      useRedisPackage: true,
      insuranceLimiter: here,
    });
  }
}

export function tooManyRequests(retryAfterSeconds: number): DomainError {
  return new DomainError('too_many_requests', `Too many requests. Try again in ${retryAfterSeconds} s.`, {
    retryAfterSeconds,
  });
}

function toHit({ consumedPoints, msBeforeNext }: RateLimiterRes, limit: number): Hit {
  return {
    hits: consumedPoints,
    isOver: consumedPoints > limit,
    resetSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)),
  };
}
