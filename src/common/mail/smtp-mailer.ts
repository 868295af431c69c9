import { createTransport, type NodemailerError, type Transporter } from 'nodemailer';
import type { Env } from '../../config/env';
import { toMessage } from './mail-message';
import { type Mail, MailError, Mailer } from './mailer';

const CONNECT_MS = 10_000;
const SILENCE_MS = 20_000;
const SEND_MS = 60_000;
const CONNECTIONS = 5;
/** For so long nobody waits for a server that let somebody wait in vain. */
const AWAY_MS = 30_000;

/** Hands mails to a mail server, over connections that are kept. */
export class SmtpMailer extends Mailer {
  private readonly transport: Transporter;
  private awayUntil = 0;

  constructor(
    url: string,
    private readonly env: Env,
  ) {
    super();
    this.transport = createTransport({
      url,
      pool: true,
      maxConnections: CONNECTIONS,
      // What is tried again, and when, the queue decides.
      maxRequeues: 0,
      requireTLS: mustEncrypt(url),
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
    });
  }

  override async send(mail: Mail, signal?: AbortSignal): Promise<void> {
    if (Date.now() < this.awayUntil)
      throw new MailError('The mail server did not answer a moment ago', false);
    const timeout = AbortSignal.timeout(SEND_MS);
    try {
      await this.transport.sendMail({
        ...toMessage(mail, this.env),
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
    } catch (error) {
      if (isTimeout(error as NodemailerError)) this.awayUntil = Date.now() + AWAY_MS;
      throw toMailError(error as NodemailerError);
    }
  }

  override close(): void {
    this.transport.close();
  }
}

/** A password never travels in the open, but to a server on this machine. */
function mustEncrypt(url: string): boolean {
  const { protocol, username, hostname } = new URL(url);
  return (
    protocol === 'smtp:' && username !== '' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
  );
}

/** Other failures come at once, and hold up nothing. */
function isTimeout({ code }: NodemailerError): boolean {
  return code === 'ETIMEDOUT' || code === 'EABORT';
}

/** The server's answer is left out of what is said, as it may repeat the address. */
function toMailError(error: NodemailerError): MailError {
  const { code = error.name, command, responseCode } = error;
  const where = [code, command, responseCode].filter((part) => part !== undefined).join(' ');
  return new MailError(`The mail server did not take the mail: ${where}`, isAddressRefused(error));
}

/**
 * There is no such mailbox, or it takes no mail. Refusals of who we are, of the text or for a rule (5.3 to 5.7 in
 * RFC 3463) are not meant: those are for ops to mend, and then the mail goes out.
 */
function isAddressRefused({ command, response = '' }: NodemailerError): boolean {
  return command === 'RCPT TO' && /^55[013](?![ -]5\.[3-7]\.)/.test(response);
}
