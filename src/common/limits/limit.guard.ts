import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  InjectThrottlerOptions,
  InjectThrottlerStorage,
  ThrottlerGuard,
  type ThrottlerLimitDetail,
  type ThrottlerModuleOptions,
  type ThrottlerStorage,
} from '@nestjs/throttler';
import type { Response } from 'express';
import { ENV, type Env } from '../../config/env';
import { AccessTokens } from '../auth/access-tokens';
import type { AppRequest } from '../http/app-request';
import { callerOf } from './caller';
import { limitKey } from './guest-limits';
import { LIMIT, type LimitClass } from './limit.decorator';
import { tooManyRequests } from './limit-counter';
import { type LimitRule, limitRules } from './limit-rules';

/** Counts each request against its route's class: for the user when signed in and the class says so, else for the IP (IPv6: its /64). */
@Injectable()
export class LimitGuard extends ThrottlerGuard {
  protected override headerPrefix = 'RateLimit';
  private readonly rules: Record<string, LimitRule>;

  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @InjectThrottlerStorage() storage: ThrottlerStorage,
    reflector: Reflector,
    private readonly accessTokens: AccessTokens,
    @Inject(ENV) private readonly env: Env,
  ) {
    super(options, storage, reflector);
    this.rules = limitRules(env);
  }

  protected override async shouldSkip(context: ExecutionContext): Promise<boolean> {
    return !this.env.RATE_LIMIT || this.classOf(context) === 'none';
  }

  protected override async handleRequest(
    props: Parameters<ThrottlerGuard['handleRequest']>[0],
  ): Promise<boolean> {
    const { context } = props;
    const request = context.switchToHttp().getRequest<AppRequest>();
    const limitClass = this.classOf(context);
    const rule = this.rules[limitClass];
    if (!rule) throw new Error(`There is no limit rule for the class ${limitClass}`);
    const { perUser, perIp, windowMs } = rule;
    const userId = perUser === null ? null : this.accessTokens.peek(request.headers.authorization)?.sub;
    const caller = userId ? `user:${userId}` : callerOf(request.ip);
    return super.handleRequest({
      ...props,
      limit: (userId && perUser) || perIp,
      ttl: windowMs,
      generateKey: () => limitKey(limitClass, caller),
    });
  }

  protected override async throwThrottlingException(
    context: ExecutionContext,
    detail: ThrottlerLimitDetail,
  ): Promise<void> {
    const response = context.switchToHttp().getResponse<Response>();
    response.setHeader('RateLimit-Limit', detail.limit);
    throw tooManyRequests(detail.timeToBlockExpire);
  }

  private classOf(context: ExecutionContext): LimitClass {
    return this.reflector.getAllAndOverride<LimitClass>(LIMIT, [context.getHandler(), context.getClass()]);
  }
}
