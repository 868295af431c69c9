import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { callerOf } from '../../common/limits/caller';
import { LimitCounter, tooManyRequests } from '../../common/limits/limit-counter';
import { ENV, type Env } from '../../config/env';
import type { Client } from './client';
import { SessionsService } from './sessions.service';

const MINUTE_MS = 60_000;
const ACCOUNT_WINDOW_MS = 15 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MAX_BLOCK_SECONDS = 900;

/**
 * Bounds guessing, before any password is hashed, and alike for accounts that exist and that do not:
 * - by account and IP: 5 tries a minute; who goes on is blocked for one minute, then two, four, up to 15;
 * - by account: 10 tries in 15 minutes from IPs where the owner never signed in, so that an attacker with many
 *   addresses is stopped and the owner at home is not locked out.
 * The limit by IP alone is the route's own.
 */
@Injectable()
export class SignInLimits {
  constructor(
    private readonly limits: LimitCounter,
    private readonly sessions: SessionsService,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** @throws DomainError `too_many_requests` */
  async assertAllowed(emailKey: string, client: Client): Promise<void> {
    if (!this.env.RATE_LIMIT) return;
    const account = accountName(emailKey);
    await this.assertPair(`signIn:${account}:${callerOf(client.ip)}`);
    if (await this.sessions.isKnownClient(emailKey, client)) return;
    await this.limits.assertBelow(
      `signIn:${account}`,
      this.env.RATE_LIMIT_ACCOUNT_SIGN_IN,
      ACCOUNT_WINDOW_MS,
    );
  }

  private async assertPair(key: string): Promise<void> {
    const limit = this.env.RATE_LIMIT_SIGN_IN_ACCOUNT;
    const { hits, isOver, resetSeconds } = await this.limits.hit(key, limit, MINUTE_MS);
    if (!isOver) return;
    if (hits > limit + 1) throw tooManyRequests(resetSeconds);
    const { hits: blocks } = await this.limits.hit(`${key}:blocks`, Number.MAX_SAFE_INTEGER, DAY_MS);
    const seconds = Math.min(60 * 2 ** (blocks - 1), MAX_BLOCK_SECONDS);
    await this.limits.block(key, limit, MINUTE_MS, seconds);
    throw tooManyRequests(seconds);
  }
}

/** What counters call the account under this e-mail, whether there is one or not: it tells no e-mail. */
export function accountName(emailKey: string): string {
  return createHash('sha256').update(emailKey).digest('base64url').slice(0, 22);
}
