import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { ENV, type Env } from '../../config/env';
import { LOGGER } from '../logging/logger';
import { FileMailer } from './file-mailer';
import { LogMailer } from './log-mailer';
import { Mailer } from './mailer';
import { Mails } from './mails';
import { SmtpMailer } from './smtp-mailer';

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

function createMailer(env: Env, logger: Logger): Mailer {
  if (env.SMTP_URL !== undefined) return new SmtpMailer(env.SMTP_URL, env);
  if (env.NODE_ENV === 'development') return new FileMailer(env, logger);
  if (env.NODE_ENV === 'production') logger.warn({ event: 'mail_off', detail: 'SMTP_URL is not set' });
  return new LogMailer(logger);
}
