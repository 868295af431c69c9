import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Idempotency } from '../../common/idempotency/idempotency.service';
import { LOGGER } from '../../common/logging/logger';
import { GuestCartsService } from '../cart/guest-carts.service';
import { PasswordsService } from '../users/passwords.service';
import { type Credentials, UsersService } from '../users/users.service';
import { AccountMailsService } from './account-mails.service';
import { invalidCredentials } from './auth.errors';
import type { Visit } from './client';
import type { LoginDto, RegisterDto } from './dto/auth.dto';
import type { SessionResponse } from './dto/session.response';
import { type OpenedSession, SessionTokensService } from './session-tokens.service';
import { SignInLimits } from './sign-in-limits';

/** How one comes to a session: by making an account, or by its password. */
@Injectable()
export class AuthService {
  constructor(
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly sessionTokens: SessionTokensService,
    private readonly guestCarts: GuestCartsService,
    private readonly idempotency: Idempotency,
    private readonly signInLimits: SignInLimits,
    private readonly mails: AccountMailsService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Makes a customer's account and signs it in, with what is in the guest cart.
   * @throws DomainError `email_taken`, `username_taken`, `not_found` for the cart's token
   */
  async register(dto: RegisterDto, visit: Visit, request: IdempotentRequest): Promise<SessionResponse> {
    // First of all: again, the cart's token is spent, and a password is not to be hashed for nothing.
    const kept = await this.idempotency.findKept<SessionResponse>(request);
    if (kept) return kept;
    await this.assertCart(visit);
    const passwordHash = await this.passwords.hash(dto.password);
    const session = await this.idempotency.run(
      request,
      async (tx) => {
        const user = await this.users.insert(dto, passwordHash, ['CUSTOMER'], tx);
        await this.mails.sendVerification(user.email, tx);
        return (await this.sessionTokens.open(user, visit, tx)).answer;
      },
      ({ user }) => user.id,
    );
    if (request.isReplayed()) return session;
    this.logger.info({ event: 'registered', userId: session.user.id });
    return session;
  }

  /**
   * Signs in, and brings the guest cart along. Unknown e-mail, wrong password and disabled account are one answer, in
   * the same time. A bad token of a cart is refused before the password is looked at: it tells nothing about that.
   * @throws DomainError `invalid_credentials`, `too_many_requests`, `not_found` for the cart's token
   */
  async login({ email, password }: LoginDto, visit: Visit): Promise<SessionResponse> {
    await this.signInLimits.assertAllowed(this.users.keyOf(email), visit.client);
    await this.assertCart(visit);
    const account = await this.users.findCredentials(email);
    const opened = await this.prove(account, password, visit);
    if (!account || !opened) {
      this.logger.warn({ event: 'sign_in_failed', userId: account?.id, ip: visit.client.ip });
      throw invalidCredentials();
    }
    this.logger.info({ event: 'sign_in', userId: account.id, sessionId: opened.sessionId });
    await this.passwords.refreshHash(account.id, password, account.passwordHash ?? '');
    return opened.answer;
  }

  /**
   * Opens a session for who knows the password; null for everyone else, in the same time. When the hash was
   * replaced while we compared, it may be the same password, hashed anew by another sign-in: it is tried once more.
   */
  private async prove(
    account: Credentials | null,
    password: string,
    visit: Visit,
    isSecondTry = false,
  ): Promise<OpenedSession | null> {
    const isMatch = await this.passwords.matches(password, account?.passwordHash ?? null);
    if (!isMatch || !account?.isActive) return null;
    const opened = await this.sessionTokens.openFor(account, visit);
    if (opened || isSecondTry) return opened;
    return this.prove(await this.users.findCredentials(account.email), password, visit, true);
  }

  /** @throws DomainError `not_found` */
  private async assertCart({ cartToken }: Visit): Promise<void> {
    if (cartToken !== undefined) await this.guestCarts.assertKnown(cartToken);
  }
}
