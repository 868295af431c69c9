import { once } from 'node:events';
import net from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Json } from './api-client';
import { eventually } from './app';

/** A mail that was refused comes again after three seconds, and after seven more. */
const PATIENCE_SECONDS = 20;

/** A mail as it arrived. */
export interface ReceivedMail extends Email {
  /** Whom the sending server named, which is where it goes, whatever its headers say. */
  envelope: { from: string; to: string[]; isSmtpUtf8: boolean };
  /** As bytes on the wire, in Latin-1. */
  raw: string;
  header(name: string): string | undefined;
}

/** What a server answers in the place of accepting. */
type Refusal = Error & { responseCode: number };

export function refusal(responseCode: number, message: string): Refusal {
  return Object.assign(new Error(message), { responseCode });
}

/** A real mail server on this machine, which keeps what it is handed. */
export class MailServer {
  readonly mails: ReceivedMail[] = [];
  /** Decides for each recipient whether to take mails: by what it returns it refuses them. */
  onRecipient: (address: string) => Refusal | null = () => null;
  /** The same for a whole mail, which counts as not received then. */
  onMail: (mail: ReceivedMail) => Refusal | null = () => null;
  private server: SMTPServer | null = null;
  private port = 0;

  private constructor(private readonly options: SMTPServerOptions) {}

  static async start(options: SMTPServerOptions = {}): Promise<MailServer> {
    const mailServer = new MailServer(options);
    await mailServer.resume();
    return mailServer;
  }

  get url(): string {
    return `${this.options.secure ? 'smtps' : 'smtp'}://127.0.0.1:${this.port}`;
  }

  /** What an application needs to send its mails here. */
  get settings(): Record<string, string> {
    return { SMTP_URL: this.url, MAIL_FROM: 'The Shop <shop@shop.example>', JOBS: 'on' };
  }

  /** The mails to this address with this subject, oldest first. */
  find(to: string, subject: RegExp | string = ''): ReceivedMail[] {
    return this.mails.filter((mail) => mail.envelope.to.includes(to) && mail.subject?.match(subject));
  }

  /** The newest of these mails, once there are so many. */
  async next(to: string, subject: RegExp | string = '', count = 1): Promise<ReceivedMail> {
    await eventually(() => this.find(to, subject).length >= count, PATIENCE_SECONDS);
    const mail = this.find(to, subject).at(-1);
    if (!mail) throw new Error('The mail went away again');
    return mail;
  }

  /** The one-time token in the newest of these mails, once there are so many. */
  async token(to: string, subject: RegExp, count = 1): Promise<string> {
    const { text = '' } = await this.next(to, subject, count);
    return /^[\w-]{43}$/m.exec(text)?.[0] ?? '';
  }

  /** Stops answering, as a server does that is down. */
  async pause(): Promise<void> {
    const { server } = this;
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
    this.server = null;
  }

  /** Answers again, under the same address. */
  async resume(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      logger: false,
      // Its certificate is nobody's: whoever may encrypt would have to refuse it.
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: 100,
      onRcptTo: ({ address }, _, callback) => callback(this.onRecipient(address)),
      onData: (stream, session, callback) => {
        const { mailFrom, rcptTo } = session.envelope;
        const envelope = {
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          isSmtpUtf8: mailFrom !== false && JSON.stringify(mailFrom.args).includes('SMTPUTF8'),
        };
        void this.take(stream, envelope, callback);
      },
      ...this.options,
    });
    // What a client did that went away or trusts us not is the client's to tell.
    server.on('error', () => undefined);
    server.listen(this.port, '127.0.0.1');
    await once(server.server, 'listening');
    const address = server.server.address();
    this.port = typeof address === 'object' && address ? address.port : 0;
    this.server = server;
  }

  private async take(
    stream: NodeJS.ReadableStream,
    envelope: ReceivedMail['envelope'],
    answer: (refusal: Error | null) => void,
  ): Promise<void> {
    const refusal = await this.receive(stream, envelope).catch((error: Error) => error);
    answer(refusal);
  }

  private async receive(
    stream: NodeJS.ReadableStream,
    envelope: ReceivedMail['envelope'],
  ): Promise<Refusal | null> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const email = await PostalMime.parse(bytes);
    const header = (name: string): string | undefined =>
      email.headers.find(({ key }) => key === name.toLowerCase())?.value;
    const mail = { ...email, envelope, raw: bytes.toString('latin1'), header };
    const refused = this.onMail(mail);
    if (!refused) this.mails.push(mail);
    return refused;
  }

  async close(): Promise<void> {
    await this.pause();
  }
}

/** Waits until the shop has sent every mail that it owes, or given it up. @param shop how its tables are asked */
export function allMailsSent(
  shop: { query(sql: string): Promise<Json[]> },
  seconds = PATIENCE_SECONDS,
): Promise<void> {
  return eventually(async () => {
    const [owed] = await shop.query(
      `SELECT (SELECT count(*) FROM events WHERE dispatched_at IS NULL)
            + (SELECT count(*) FROM graphile_worker.jobs
                WHERE task_identifier = 'send_mail' AND attempts < max_attempts) AS count`,
    );
    return owed.count === '0';
  }, seconds);
}

/** A server that takes connections and says nothing. */
export async function startSilentServer(): Promise<{ url: string; close(): Promise<void> }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => void sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
