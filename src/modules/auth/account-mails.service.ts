import path from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Transactions } from '../../common/database/transactions';
import { LimitCounter } from '../../common/limits/limit-counter';
import { type MailData, MailTemplate } from '../../common/mail/mail-template';
import { Mails } from '../../common/mail/mails';
import { findRecipient } from '../../common/mail/recipients';
import { ENV, type Env } from '../../config/env';
import { UsersService } from '../users/users.service';
import type { MailTokenPurpose } from './entities/mail-token.entity';
import { MailTokensService } from './mail-tokens.service';
import { accountName } from './sign-in-limits';

declare module '../../common/mail/mails' {
  interface MailReferences {
    verify_email: { tokenId: string };
    reset_password: { tokenId: string };
    /** `at` is RFC 3339. */
    password_changed: { userId: string; at: string };
  }
}

interface TokenMail extends MailData {
  token: string;
  expiresAt: Date;
  /** Where the app takes the token; null when mails have no links. */
  url: string | null;
}

interface PasswordChangedMail extends MailData {
  at: string;
}

interface Draft<Data> {
  to: string;
  data: Data;
}

const HOUR_MS = 3_600_000;

/** The mails about one's account: those with one-time tokens, and the one that a password was changed. */
@Injectable()
export class AccountMailsService {
  constructor(
    private readonly users: UsersService,
    private readonly mailTokens: MailTokensService,
    private readonly mails: Mails,
    private readonly limits: LimitCounter,
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    @Inject(ENV) private readonly env: Env,
  ) {
    mails.define('verify_email', {
      template: templateOf<TokenMail>('verify-email'),
      write: ({ tokenId }) => this.writeTokenMail(tokenId, 'verify_email', 'verify-email'),
    });
    mails.define('reset_password', {
      template: templateOf<TokenMail>('reset-password'),
      write: ({ tokenId }) => this.writeTokenMail(tokenId, 'reset_password', 'reset-password'),
    });
    mails.define('password_changed', {
      template: templateOf<PasswordChangedMail>('password-changed'),
      write: ({ userId, at }) => this.writePasswordChanged(userId, at),
    });
  }

  /**
   * Queues a mail with a token to the account's owner. The same is done when there is no such account, and the mail
   * comes to nothing: nobody learns from the answer, or from its time, whether there is one.
   */
  async sendPasswordReset(email: string): Promise<void> {
    await this.queueLimited(email, 'reset_password');
  }

  /** Queues a mail with a token that proves the e-mail of a new account, in the transaction that makes it. */
  sendVerification(email: string, tx: EntityManager): Promise<void> {
    return this.queueToken(this.users.keyOf(email), 'verify_email', tx);
  }

  /** {@link sendVerification} again, unless the e-mail is proved already. */
  async resendVerification(userId: string): Promise<void> {
    const { email, emailVerified } = await this.users.getOwn(userId);
    if (!emailVerified) await this.queueLimited(email, 'verify_email');
  }

  /** Queues the news for the account's owner, in the transaction that changes the password. */
  tellPasswordChanged(userId: string, tx: EntityManager): Promise<void> {
    return this.mails.queue('password_changed', [{ userId, at: new Date().toISOString() }], tx);
  }

  /** Three mails an account and hour; the fourth is silently not sent. */
  private async queueLimited(email: string, purpose: MailTokenPurpose): Promise<void> {
    const emailKey = this.users.keyOf(email);
    if (!(await this.mayMail(emailKey))) return;
    await this.transactions.run((tx) => this.queueToken(emailKey, purpose, tx));
  }

  /** Counted by e-mail, so alike for accounts that exist and that do not. */
  private async mayMail(emailKey: string): Promise<boolean> {
    if (!this.env.RATE_LIMIT) return true;
    const key = `mail:${accountName(emailKey)}`;
    const { isOver } = await this.limits.hit(key, this.env.RATE_LIMIT_MAIL_PER_HOUR, HOUR_MS);
    return !isOver;
  }

  private async queueToken(emailKey: string, purpose: MailTokenPurpose, tx: EntityManager): Promise<void> {
    const tokenId = await this.mailTokens.open(emailKey, purpose, tx);
    await this.mails.queue(purpose, [{ tokenId }], tx);
  }

  private async writeTokenMail(
    tokenId: string,
    purpose: MailTokenPurpose,
    page: string,
  ): Promise<Draft<TokenMail> | null> {
    const issued = await this.mailTokens.issue(tokenId, purpose);
    const recipient = issued && (await findRecipient(issued.userId, this.dataSource.manager));
    if (!recipient) return null;
    const { token, expiresAt } = issued;
    const { email: to, name, locale } = recipient;
    const url = this.env.APP_URL === undefined ? null : `${this.env.APP_URL}/${page}?token=${token}`;
    return { to, data: { name, locale, token, expiresAt, url } };
  }

  private async writePasswordChanged(userId: string, at: string): Promise<Draft<PasswordChangedMail> | null> {
    const recipient = await findRecipient(userId, this.dataSource.manager);
    if (!recipient) return null;
    const { email: to, name, locale } = recipient;
    return { to, data: { name, locale, at } };
  }
}

function templateOf<Data extends MailData>(name: string): MailTemplate<Data> {
  return new MailTemplate(path.join(__dirname, 'mails', `${name}.hbs`));
}
