import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { AccessTokens } from '../../common/auth/access-tokens';
import type { AuthenticatedUser } from '../../common/auth/authenticated-user';
import { Transactions } from '../../common/database/transactions';
import { callerOf } from '../../common/limits/caller';
import { LimitCounter } from '../../common/limits/limit-counter';
import { LOGGER } from '../../common/logging/logger';
import { ENV, type Env } from '../../config/env';
import { PasswordsService } from '../users/passwords.service';
import { type UserResponse, UsersService } from '../users/users.service';
import { invalidCredentials, sessionEnded } from './auth.errors';
import type { Client } from './client';
import type { LoginDto, RegisterDto } from './dto/auth.dto';
import type { SessionResponse } from './dto/session.response';
import { type Grant, SessionsService } from './sessions.service';

const MINUTE_MS = 60_000;

@Injectable()
export class AuthService {
  constructor(
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly accessTokens: AccessTokens,
    private readonly transactions: Transactions,
    private readonly limits: LimitCounter,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Makes a customer's account and signs it in. @throws DomainError `email_taken`, `username_taken` */
  async register(dto: RegisterDto, client: Client): Promise<SessionResponse> {
    const passwordHash = await this.passwords.hash(dto.password);
    return this.transactions.run(async (tx) => {
      const user = await this.users.insert(dto, passwordHash, ['CUSTOMER'], tx);
      return this.toResponse(user, await this.sessions.open(user.id, client, tx));
    });
  }

  /**
   * Signs in. Unknown e-mail, wrong password and disabled account are one answer, in the same time.
   * @throws DomainError `invalid_credentials`, `too_many_requests`
   */
  async login({ email, password }: LoginDto, client: Client): Promise<SessionResponse> {
    await this.limitSignIn(email, client);
    const account = await this.users.findCredentials(email);
    const isMatch = await this.passwords.matches(password, account?.passwordHash ?? null);
    if (!account?.isActive || !isMatch) {
      this.logger.warn({ event: 'sign_in_failed', userId: account?.id, ip: client.ip });
      throw invalidCredentials();
    }
    const grant = await this.transactions.run((tx) => this.sessions.open(account.id, client, tx));
    this.logger.info({ event: 'sign_in', userId: account.id, sessionId: grant.sessionId });
    return this.toResponse(await this.ownerOf(grant), grant);
  }

  /** Exchanges a refresh token. @throws DomainError `invalid_token`, `token_revoked`, `refresh_token_reused` */
  async refresh(refreshToken: string | undefined): Promise<SessionResponse> {
    const grant = await this.sessions.refresh(refreshToken);
    return this.toResponse(await this.ownerOf(grant), grant);
  }

  /** Ends the session of this access token. */
  async logout(user: AuthenticatedUser): Promise<void> {
    await this.sessions.revoke(user.sessionId, user.id);
    this.logger.info({ event: 'sign_out', userId: user.id, sessionId: user.sessionId });
  }

  /** Before the hash, so that guessing costs us nothing. */
  private async limitSignIn(email: string, { ip }: Client): Promise<void> {
    if (!this.env.RATE_LIMIT) return;
    const key = `signIn:${this.users.keyOf(email)}:${callerOf(ip)}`;
    await this.limits.assertBelow(key, this.env.RATE_LIMIT_SIGN_IN_ACCOUNT, MINUTE_MS);
  }

  /** @throws DomainError `token_revoked` when the user was erased since the grant */
  private async ownerOf({ userId }: Grant): Promise<UserResponse> {
    const user = await this.users.findOwn(userId);
    if (!user) throw sessionEnded();
    return user;
  }

  private toResponse(user: UserResponse, grant: Grant): SessionResponse {
    const { userId, sessionId, tokenId, issuedAt, refreshToken } = grant;
    return {
      user,
      accessToken: this.accessTokens.sign(userId, sessionId, tokenId, issuedAt),
      refreshToken,
      tokenType: 'Bearer',
      expiresIn: this.accessTokens.lifetimeSeconds,
    };
  }
}
