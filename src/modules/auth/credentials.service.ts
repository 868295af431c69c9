import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { AuthenticatedUser } from '../../common/auth/authenticated-user';
import { Transactions } from '../../common/database/transactions';
import { LOGGER } from '../../common/logging/logger';
import { PasswordsService } from '../users/passwords.service';
import { UsersService } from '../users/users.service';
import { AccountMailsService } from './account-mails.service';
import type { ChangePasswordDto, ResetPasswordDto } from './dto/credentials.dto';
import { MailTokensService } from './mail-tokens.service';
import { SessionsService } from './sessions.service';

/** Passwords and e-mails after registration: change, reset, verify. */
@Injectable()
export class CredentialsService {
  constructor(
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly mailTokens: MailTokensService,
    private readonly mails: AccountMailsService,
    private readonly transactions: Transactions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Ends every other session. @throws DomainError `validation_failed` for a wrong current password */
  async changePassword(
    user: AuthenticatedUser,
    { currentPassword, newPassword }: ChangePasswordDto,
  ): Promise<void> {
    const field = 'currentPassword';
    const proved = await this.passwords.assertOwn(user.id, currentPassword, field);
    const renewed = await this.passwords.hash(newPassword);
    await this.transactions.run(async (tx) => {
      await this.passwords.replace(user.id, { proved, renewed, field }, tx);
      await this.sessions.revokeAll(user.id, tx, user.sessionId);
      await this.mailTokens.spendAll(user.id, 'reset_password', tx);
      await this.mails.tellPasswordChanged(user.id, tx);
    });
    this.logger.info({ event: 'password_changed', userId: user.id });
  }

  /** Ends every session. @throws DomainError `invalid_token` (422) */
  async resetPassword({ token, newPassword }: ResetPasswordDto): Promise<void> {
    await this.mailTokens.assertRedeemable(token, 'reset_password');
    const passwordHash = await this.passwords.hash(newPassword);
    const userId = await this.transactions.run(async (tx) => {
      const id = await this.mailTokens.redeem(token, 'reset_password', tx);
      await this.passwords.set(id, passwordHash, tx);
      await this.users.markVerified(id, tx);
      await this.sessions.revokeAll(id, tx);
      await this.mails.tellPasswordChanged(id, tx);
      return id;
    });
    this.logger.info({ event: 'password_reset', userId });
  }

  /** @throws DomainError `invalid_token` (422) */
  async verifyEmail(token: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      await this.users.markVerified(await this.mailTokens.redeem(token, 'verify_email', tx), tx);
    });
  }
}
