import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { ENV, type Env } from '../../config/env';
import { LOGGER } from '../logging/logger';

/** A mail to one person, in plain text. */
export interface Mail {
  /** What it is about, for the log: it names no person. */
  kind: 'verify_email' | 'reset_password';
  to: string;
  subject: string;
  text: string;
}

/** The one way out for mails. */
export abstract class Mailer {
  abstract send(mail: Mail): Promise<void>;
}

/** Writes mails to the log: whole in development, so that a developer can use their tokens; elsewhere only that there was one. */
@Injectable()
export class LogMailer extends Mailer {
  constructor(
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super();
  }

  override async send({ kind, to, subject, text }: Mail): Promise<void> {
    const mail = this.env.NODE_ENV === 'development' ? { to, subject, text } : undefined;
    this.logger.info({ event: 'mail', kind, mail });
  }
}
