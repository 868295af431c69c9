import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LimitCounter } from '../../common/limits/limit-counter';
import { LOGGER } from '../../common/logging/logger';
import { type Mail, Mailer } from '../../common/mail/mailer';
import { ENV, type Env } from '../../config/env';
import { type UserResponse, UsersService } from '../users/users.service';
import { MailTokensService } from './mail-tokens.service';

const HOUR_MS = 3_600_000;

/** The mails with one-time tokens. They are sent after the answer. */
@Injectable()
export class AccountMailsService {
  constructor(
    private readonly users: UsersService,
    private readonly mailTokens: MailTokensService,
    private readonly mailer: Mailer,
    private readonly limits: LimitCounter,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Mails a token to the account's owner. All that depends on the account happens after the answer, so that
   * nobody learns from it, or from its time, whether there is one.
   */
  sendPasswordReset(email: string): void {
    this.inBackground(async () => {
      const account = await this.users.findCredentials(email);
      if (!account?.isActive || !(await this.mayMail(account.id))) return;
      const token = await this.mailTokens.issue(account.id, this.users.keyOf(email), 'reset_password');
      if (token) await this.mailer.send(resetMail(account.email, token));
    });
  }

  /** Mails a token that proves the e-mail, unless it is proved already. */
  sendVerification({ id, email, emailVerified }: UserResponse): void {
    if (emailVerified) return;
    this.inBackground(async () => {
      if (!(await this.mayMail(id))) return;
      const token = await this.mailTokens.issue(id, this.users.keyOf(email), 'verify_email');
      if (token) await this.mailer.send(verificationMail(email, token));
    });
  }

  /** {@link sendVerification} again. */
  async resendVerification(userId: string): Promise<void> {
    this.sendVerification(await this.users.getOwn(userId));
  }

  /** Three mails an account and hour; the fourth is silently not sent. */
  private async mayMail(userId: string): Promise<boolean> {
    if (!this.env.RATE_LIMIT) return true;
    const { isOver } = await this.limits.hit(`mail:${userId}`, this.env.RATE_LIMIT_MAIL_PER_HOUR, HOUR_MS);
    return !isOver;
  }

  private inBackground(work: () => Promise<void>): void {
    work().catch((error: unknown) => this.logger.error({ event: 'mail_failed', err: error }));
  }
}

function resetMail(to: string, token: string): Mail {
  const text = `Someone, we hope you, asked for a new password.\n\nThis token sets it, once, within an hour:\n\n${token}\n\nIf it was not you, do nothing: your password stays.\n`;
  return { kind: 'reset_password', to, subject: 'Set a new password', text };
}

function verificationMail(to: string, token: string): Mail {
  const text = `Welcome.\n\nThis token confirms your e-mail, once, within three days:\n\n${token}\n`;
  return { kind: 'verify_email', to, subject: 'Confirm your e-mail', text };
}
