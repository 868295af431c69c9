import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { AccessTokens } from '../../common/auth/access-tokens';
import type { AuthenticatedUser } from '../../common/auth/authenticated-user';
import { Transactions } from '../../common/database/transactions';
import { LOGGER } from '../../common/logging/logger';
import { PasswordsService } from '../users/passwords.service';
import { type Credentials, type UserResponse, UsersService } from '../users/users.service';
import { AccountMailsService } from './account-mails.service';
import { invalidCredentials, sessionEnded } from './auth.errors';
import type { Client } from './client';
import type { LoginDto, RegisterDto } from './dto/auth.dto';
import type { SessionResponse } from './dto/session.response';
import { type Grant, SessionsService } from './sessions.service';
import { SignInLimits } from './sign-in-limits';

@Injectable()
export class AuthService {
  constructor(
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly accessTokens: AccessTokens,
    private readonly transactions: Transactions,
    private readonly signInLimits: SignInLimits,
    private readonly mails: AccountMailsService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Makes a customer's account and signs it in. @throws DomainError `email_taken`, `username_taken` */
  async register(dto: RegisterDto, client: Client): Promise<SessionResponse> {
    const passwordHash = await this.passwords.hash(dto.password);
    const session = await this.transactions.run(async (tx) => {
      const user = await this.users.insert(dto, passwordHash, ['CUSTOMER'], tx);
      return this.toResponse(user, await this.sessions.open(user.id, client, tx));
    });
    this.logger.info({ event: 'registered', userId: session.user.id });
    this.mails.sendVerification(session.user);
    return session;
  }

  /**
   * Signs in. Unknown e-mail, wrong password and disabled account are one answer, in the same time.
   * @throws DomainError `invalid_credentials`, `too_many_requests`
   */
  async login({ email, password }: LoginDto, client: Client): Promise<SessionResponse> {
    await this.signInLimits.assertAllowed(this.users.keyOf(email), client);
    const account = await this.users.findCredentials(email);
    const grant = await this.prove(account, password, client);
    if (!account || !grant) {
      this.logger.warn({ event: 'sign_in_failed', userId: account?.id, ip: client.ip });
      throw invalidCredentials();
    }
    this.logger.info({ event: 'sign_in', userId: account.id, sessionId: grant.sessionId });
    await this.passwords.refreshHash(account.id, password, account.passwordHash ?? '');
    return this.toResponse(await this.ownerOf(grant), grant);
  }

  /** Exchanges a refresh token. @throws DomainError `invalid_token`, `token_revoked`, `refresh_token_reused` */
  async refresh(refreshToken: string | undefined): Promise<SessionResponse> {
    const grant = await this.sessions.refresh(refreshToken);
    return this.toResponse(await this.ownerOf(grant), grant);
  }

  /** Ends every session of the user. */
  async logoutAll(user: AuthenticatedUser): Promise<void> {
    await this.transactions.run((tx) => this.sessions.revokeAll(user.id, tx));
    this.logger.info({ event: 'sign_out_all', userId: user.id });
  }

  /** Ends the session of this access token. */
  async logout(user: AuthenticatedUser): Promise<void> {
    await this.sessions.revoke(user.sessionId, user.id);
    this.logger.info({ event: 'sign_out', userId: user.id, sessionId: user.sessionId });
  }

  /**
   * Opens a session for who knows the password; null for everyone else, in the same time. When the hash was
   * replaced while we compared, it may be the same password, hashed anew by another sign-in: it is tried once more.
   */
  private async prove(
    account: Credentials | null,
    password: string,
    client: Client,
    isSecondTry = false,
  ): Promise<Grant | null> {
    const isMatch = await this.passwords.matches(password, account?.passwordHash ?? null);
    if (!isMatch || !account?.isActive) return null;
    const grant = await this.openSession(account, client);
    if (grant || isSecondTry) return grant;
    return this.prove(await this.users.findCredentials(account.email), password, client, true);
  }

  /** Null when the account was disabled, or its password changed, while we compared. */
  private openSession({ id, passwordHash }: Credentials, client: Client): Promise<Grant | null> {
    return this.transactions.run(async (tx) => {
      const rows = await tx.query<unknown[]>(
        'SELECT FROM users WHERE id = $1 AND password_hash = $2 AND is_active FOR NO KEY UPDATE',
        [id, passwordHash],
      );
      return rows.length === 0 ? null : this.sessions.open(id, client, tx);
    });
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
