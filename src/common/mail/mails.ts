import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ENV, type Env } from '../../config/env';
import { type JobRun, Jobs } from '../jobs/jobs';
import { LOGGER } from '../logging/logger';
import type { MailData, MailTemplate } from './mail-template';
import { MailError, Mailer } from './mailer';

/**
 * Every kind of mail with what its job carries: ids, never personal data or secrets. The module that writes a kind
 * declares it:
 *
 *     declare module '../../common/mail/mails' {
 *       interface MailReferences {
 *         order_placed: { orderId: string };
 *       }
 *     }
 */
export interface MailReferences {}

export type MailKind = keyof MailReferences;

declare module '../jobs/jobs' {
  interface JobPayloads {
    send_mail: QueuedMail;
  }
}

interface QueuedMail {
  /** The mail's own, of which its Message-ID is made. */
  id: string;
  kind: string;
  about: object;
}

/** How a kind of mail is written, when it is sent and not when it is queued: it says what is true then. */
export interface MailWriter<Reference, Data extends MailData> {
  template: MailTemplate<Data>;
  /** Null when there is nobody to write to any more, or nothing to say. */
  write(about: Reference): Promise<{ to: string; data: Data } | null>;
  /** Whether it comes unasked, again and again, so that it says how to be spared. */
  isRecurring?: boolean;
}

/** Tries in all, each later than the one before: the last comes after about a day and a half. */
const MAX_ATTEMPTS = 15;

/** Mails are queued in the transaction that causes them, and sent at least once after its commit. */
@Injectable()
export class Mails {
  private readonly writers = new Map<string, MailWriter<object, MailData>>();

  constructor(
    private readonly jobs: Jobs,
    private readonly mailer: Mailer,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    jobs.handle('send_mail', (mail, run) => this.send(mail, run));
  }

  /** Says how mails of this kind are written. */
  define<K extends MailKind, Data extends MailData>(
    kind: K,
    writer: MailWriter<MailReferences[K], Data>,
  ): void {
    this.writers.set(kind, writer);
  }

  /** Queues mails of one kind, one for each reference, in the caller's transaction. */
  queue<K extends MailKind>(kind: K, about: readonly MailReferences[K][], tx: EntityManager): Promise<void> {
    const mails = about.map((reference) => ({ id: uuidv7(), kind, about: reference }));
    return this.jobs.addMany('send_mail', mails, { maxAttempts: MAX_ATTEMPTS }, tx);
  }

  /** @throws MailError when it is to be tried again */
  private async send({ id, kind, about }: QueuedMail, { signal }: JobRun): Promise<void> {
    const writer = this.writers.get(kind);
    // Queued by a newer version than this one, which will send it.
    if (!writer) throw new MailError(`Nobody here writes mails of the kind ${kind}`, false);
    const draft = await writer.write(about);
    if (!draft) return;
    const { template, isRecurring = false } = writer;
    const { to: address, data } = draft;
    const to = { ...(data.name !== null && { name: data.name }), address };
    const content = template.render(data, this.env.STORE_NAME);
    try {
      await this.mailer.send({ id, kind, to, ...content, isRecurring }, signal);
      this.logger.info({ event: 'mail_sent', kind, mailId: id });
    } catch (error) {
      if (!(error instanceof MailError && error.isRefused)) throw error;
      this.logger.warn({ event: 'mail_refused', kind, mailId: id, reason: error.message });
    }
  }
}
