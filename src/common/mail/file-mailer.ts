import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createTransport } from 'nodemailer';
import type { Logger } from 'pino';
import type { Env } from '../../config/env';
import { toMessage } from './mail-message';
import { type Mail, Mailer } from './mailer';

/** Writes mails to files, which mail programs open: for development. The log says where. */
export class FileMailer extends Mailer {
  private readonly transport = createTransport({ streamTransport: true, buffer: true });

  constructor(
    private readonly env: Env,
    private readonly logger: Logger,
  ) {
    super();
  }

  override async send(mail: Mail): Promise<void> {
    const { message } = await this.transport.sendMail(toMessage(mail, this.env));
    const directory = path.join(this.env.DATA_DIR, 'mail');
    const file = path.join(directory, `${mail.id}-${mail.kind}.eml`);
    // Its tokens are for nobody else on this machine.
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(file, message as Buffer, { mode: 0o600 });
    this.logger.info({ event: 'mail_written', kind: mail.kind, file });
  }
}
