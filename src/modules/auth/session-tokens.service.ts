import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { EntityManager } from 'typeorm';
import { AccessTokens } from '../../common/auth/access-tokens';
import type { AuthenticatedUser } from '../../common/auth/authenticated-user';
import { Transactions } from '../../common/database/transactions';
import { LOGGER } from '../../common/logging/logger';
import { GuestCartsService } from '../cart/guest-carts.service';
import { type Credentials, type UserResponse, UsersService } from '../users/users.service';
import { sessionEnded } from './auth.errors';
import type { Visit } from './client';
import type { SessionResponse } from './dto/session.response';
import { type Grant, SessionsService } from './sessions.service';

/** A session that was just opened, as its user gets it. */
export interface OpenedSession {
  sessionId: string;
  answer: SessionResponse;
}

/** What a session gives to its user: tokens, until one of them ends it. */
@Injectable()
export class SessionTokensService {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly accessTokens: AccessTokens,
    private readonly guestCarts: GuestCartsService,
    private readonly transactions: Transactions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Opens a session in the caller's transaction, and brings the guest cart into the user's: who gets no session keeps
   * the guest cart, and the other way round.
   * @throws DomainError `invalid_credentials` when the user was disabled meanwhile, `not_found` for a cart's token that
   * is unknown, or spent
   */
  async open(user: UserResponse, { client, cartToken }: Visit, tx: EntityManager): Promise<OpenedSession> {
    const grant = await this.sessions.open(user.id, client, tx);
    await this.users.rememberLocale(user.id, client.locale, tx);
    if (cartToken !== undefined) await this.guestCarts.merge(cartToken, user.id, tx);
    return { sessionId: grant.sessionId, answer: this.toResponse(user, grant) };
  }

  /** {@link open} for an account whose password was proved. Null when it was disabled, or its password changed, since. */
  openFor({ id, passwordHash }: Credentials, visit: Visit): Promise<OpenedSession | null> {
    return this.transactions.run(async (tx) => {
      const rows = await tx.query<unknown[]>(
        'SELECT FROM users WHERE id = $1 AND password_hash = $2 AND is_active FOR NO KEY UPDATE',
        [id, passwordHash],
      );
      return rows.length === 0 ? null : this.open(await this.users.read(id, tx), visit, tx);
    });
  }

  /** Exchanges a refresh token. @throws DomainError `invalid_token`, `token_revoked`, `refresh_token_reused` */
  async refresh(refreshToken: string | undefined): Promise<SessionResponse> {
    const grant = await this.sessions.refresh(refreshToken);
    const user = await this.users.findOwn(grant.userId);
    // Erased since the grant.
    if (!user) throw sessionEnded();
    return this.toResponse(user, grant);
  }

  /** Ends the session of this access token. */
  async end(user: AuthenticatedUser): Promise<void> {
    await this.sessions.revoke(user.sessionId, user.id);
    this.logger.info({ event: 'sign_out', userId: user.id, sessionId: user.sessionId });
  }

  /** Ends every session of the user. */
  async endAll(user: AuthenticatedUser): Promise<void> {
    await this.transactions.run((tx) => this.sessions.revokeAll(user.id, tx));
    this.logger.info({ event: 'sign_out_all', userId: user.id });
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
