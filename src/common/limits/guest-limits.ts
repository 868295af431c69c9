import { Inject, Injectable } from '@nestjs/common';
import { InjectThrottlerStorage } from '@nestjs/throttler';
import type { Response } from 'express';
import { ENV, type Env } from '../../config/env';
import type { AppRequest } from '../http/app-request';
import { callerOf } from './caller';
import { LimitCounter, tooManyRequests } from './limit-counter';
import type { LimitClass } from './limit.decorator';
import { type LimitRule, limitRules } from './limit-rules';

/** Counts guests' requests as the {@link LimitGuard} does, where no guard comes by. */
@Injectable()
export class GuestLimits {
  private readonly rules: Record<string, LimitRule>;

  constructor(
    @InjectThrottlerStorage() private readonly counter: LimitCounter,
    @Inject(ENV) private readonly env: Env,
  ) {
    this.rules = limitRules(env);
  }

  /** Counts a request and writes the headers of its limit. @throws DomainError `too_many_requests` */
  async count(limitClass: LimitClass, request: AppRequest, response: Response): Promise<void> {
    const rule = this.rules[limitClass];
    if (!this.env.RATE_LIMIT || !rule) return;
    const { perIp, windowMs } = rule;
    const { hits, isOver, resetSeconds } = await this.counter.hit(
      limitKey(limitClass, callerOf(request.ip)),
      perIp,
      windowMs,
    );
    response.setHeader('RateLimit-Limit', perIp);
    response.setHeader('RateLimit-Remaining', Math.max(0, perIp - hits));
    response.setHeader('RateLimit-Reset', resetSeconds);
    if (isOver) throw tooManyRequests(resetSeconds);
  }
}

/** Under what a caller is counted in a class. */
export function limitKey(limitClass: LimitClass, caller: string): string {
  return `${limitClass}:${caller}`;
}
