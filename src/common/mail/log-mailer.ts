import type { Logger } from 'pino';
import { type Mail, Mailer } from './mailer';

/** Sends nothing, and says so: for a shop without a mail server. */
export class LogMailer extends Mailer {
  constructor(private readonly logger: Logger) {
    super();
  }

  override async send({ kind, id }: Mail): Promise<void> {
    this.logger.info({ event: 'mail_not_sent', kind, mailId: id });
  }
}
