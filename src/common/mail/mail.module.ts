import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { ENV, type Env } from '../../config/env';
import { LOGGER } from '../logging/logger';
import { LogMailer } from './log-mailer';
import { Mailer } from './mailer';
import { Mails } from './mails';

/** Mails go to the server that the settings name; in development, where there is none, to files. */
@Global()
@Module({
  providers: [Mails, { provide: Mailer, inject: [ENV, LOGGER], useFactory: createMailer }],
  exports: [Mails],
})
export class MailModule implements OnApplicationShutdown {
  constructor(private readonly mailer: Mailer) {}

  /** By now the jobs that send mails have ended. */
  onApplicationShutdown(): void {
    this.mailer.close();
  }
}

/** What sends mails is loaded where it is used: that takes a while. */
async function createMailer(env: Env, logger: Logger): Promise<Mailer> {
  if (env.SMTP_URL !== undefined) {
    const { SmtpMailer } = await import('./smtp-mailer.js');
    return new SmtpMailer(env.SMTP_URL, env);
  }
  if (env.NODE_ENV === 'development') {
    const { FileMailer } = await import('./file-mailer.js');
    return new FileMailer(env, logger);
  }
  if (env.NODE_ENV === 'production') logger.warn({ event: 'mail_off', detail: 'SMTP_URL is not set' });
  return new LogMailer(logger);
}
