import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Logger } from 'pino';
import { FileMailer } from '../src/common/mail/file-mailer';
import { type Mail, MailError } from '../src/common/mail/mailer';
import { SmtpMailer } from '../src/common/mail/smtp-mailer';
import { parseEnv } from '../src/config/env';
import { MailServer, refusal, startSilentServer } from './support/smtp';

const MAIL: Mail = {
  id: '0199aa00-0000-7000-8000-000000000001',
  kind: 'order_placed',
  to: { name: 'Ann Buyer', address: 'ann@example.com' },
  subject: 'Your order',
  html: '<p>Thank you</p>',
  text: 'Thank you',
  isRecurring: false,
};

const SETTINGS = { NODE_ENV: 'test', MAIL_FROM: 'The Shop <shop@shop.example>' };

describe('sending mails to a server', () => {
  let server: MailServer;
  let mailer: SmtpMailer;

  beforeEach(async () => {
    server = await MailServer.start();
    mailer = new SmtpMailer(server.url, parseEnv(SETTINGS));
  });

  afterEach(async () => {
    mailer.close();
    await server.close();
  });

  async function sent(fields: Partial<Mail> = {}): ReturnType<MailServer['next']> {
    await mailer.send({ ...MAIL, ...fields });
    const mail = server.mails.at(-1);
    if (!mail) throw new Error('There is no mail');
    return mail;
  }

  async function failure(fields: Partial<Mail> = {}): Promise<MailError> {
    const error: unknown = await mailer.send({ ...MAIL, ...fields }).catch((thrown: unknown) => thrown);
    if (error instanceof MailError) return error;
    throw new Error(`Expected a MailError, got ${String(error)}`);
  }

  it('hands over both forms, and the headers that programs go by', async () => {
    const mail = await sent();
    expect(mail.envelope).toEqual({ from: 'shop@shop.example', to: ['ann@example.com'], isSmtpUtf8: false });
    expect(mail.from).toEqual({ name: 'The Shop', address: 'shop@shop.example' });
    expect(mail.to).toEqual([{ name: 'Ann Buyer', address: 'ann@example.com' }]);
    expect([mail.subject, mail.text, mail.html]).toEqual(['Your order', 'Thank you\n', '<p>Thank you</p>\n']);
    expect(mail.header('Content-Type')).toMatch(/^multipart\/alternative;/);
    expect(mail.header('Auto-Submitted')).toBe('auto-generated');
    expect(Math.abs(Date.parse(mail.header('Date') ?? '') - Date.now())).toBeLessThan(60_000);
    expect(mail.raw.indexOf('text/plain')).toBeLessThan(mail.raw.indexOf('text/html'));
    expect([mail.header('List-Unsubscribe'), mail.header('X-Mailer')]).toEqual([undefined, undefined]);
  });

  it('gives the same mail the same Message-ID each time, and another mail another one', async () => {
    const ids = [await sent(), await sent(), await sent({ id: 'other' })].map(({ messageId }) => messageId);
    expect(ids).toEqual([`<${MAIL.id}@shop.example>`, `<${MAIL.id}@shop.example>`, '<other@shop.example>']);
  });

  it('says of a recurring mail how to be spared', async () => {
    const mail = await sent({ isRecurring: true });
    expect(mail.header('List-Unsubscribe')).toBe('<mailto:shop@shop.example?subject=Unsubscribe>');
  });

  it('names where answers go, when that is another address', async () => {
    const env = parseEnv({ ...SETTINGS, MAIL_REPLY_TO: 'Help <help@shop.example>' });
    const other = new SmtpMailer(server.url, env);
    await other.send({ ...MAIL, isRecurring: true });
    other.close();
    const mail = server.mails.at(-1);
    expect(mail?.replyTo).toEqual([{ name: 'Help', address: 'help@shop.example' }]);
    expect(mail?.header('List-Unsubscribe')).toBe('<mailto:help@shop.example?subject=Unsubscribe>');
  });

  it('is named after the shop when its address has no name', async () => {
    const env = parseEnv({ ...SETTINGS, MAIL_FROM: 'shop@shop.example', STORE_NAME: 'Käse & Brot' });
    const other = new SmtpMailer(server.url, env);
    await other.send(MAIL);
    other.close();
    expect(server.mails.at(-1)?.from?.name).toBe('Käse & Brot');
  });

  it('carries names and subjects of every script, and emoji, in ASCII headers', async () => {
    const name = 'Zoë "Z" Müller, 山田 太郎';
    const subject = `Ihre Bestellung 🎉 ${'ありがとうございます '.repeat(12)}`.trim();
    const mail = await sent({ to: { name, address: 'zoe@example.com' }, subject });
    expect([mail.to?.[0]?.name, mail.subject]).toEqual([name, subject]);
    const headers = mail.raw.slice(0, mail.raw.indexOf('\r\n\r\n'));
    expect(headers).toMatch(/^[\x20-\x7e\r\n]*$/);
    expect(headers.split('\r\n').filter((line) => line.length > 78)).toEqual([]);
  });

  it.each([
    ['subject', { subject: 'Hello\r\nBcc: eve@example.com\r\n\r\nBody' }],
    ['name', { to: { name: 'Ann\r\nBcc: eve@example.com', address: 'ann@example.com' } }],
    ['name', { to: { name: '<eve@example.com>, Ann', address: 'ann@example.com' } }],
    ['kind of id', { id: 'x>\r\nBcc: eve@example.com' }],
  ])('lets no %s add a header or a recipient', async (_, fields) => {
    const mail = await sent(fields);
    expect(mail.envelope.to).toEqual(['ann@example.com']);
    expect([mail.bcc, mail.header('Bcc'), mail.to?.length]).toEqual([undefined, undefined, 1]);
    expect(mail.text).toBe('Thank you\n');
  });

  it('lets no address name a second one', async () => {
    await mailer
      .send({ ...MAIL, to: { address: 'ann@example.com>, <eve@example.com' } })
      .catch(() => undefined);
    await mailer
      .send({ ...MAIL, to: { address: 'ann@example.com, eve@example.com' } })
      .catch(() => undefined);
    expect(server.mails.flatMap(({ envelope }) => envelope.to)).not.toContain('eve@example.com');
  });

  it('reaches a domain with letters of its own, and a mailbox where the server takes such', async () => {
    expect((await sent({ to: { address: 'ann@bücher.example' } })).raw).toContain(
      'ann@xn--bcher-kva.example',
    );
    const mail = await sent({ to: { address: 'jörg@bücher.example' } });
    expect(mail.envelope.isSmtpUtf8).toBe(true);
    expect(mail.envelope.to[0]).toMatch(/^jörg@/);
  });

  it('keeps its connection for the next mail', async () => {
    let connections = 0;
    const counted = await MailServer.start({
      onConnect: (_, callback) => {
        connections += 1;
        callback();
      },
    });
    const pooled = new SmtpMailer(counted.url, parseEnv(SETTINGS));
    for (let n = 0; n < 5; n++) await pooled.send({ ...MAIL, id: `mail-${n}` });
    pooled.close();
    await counted.close();
    expect([counted.mails.length, connections]).toEqual([5, 1]);
  });

  it.each([
    ['550 5.1.1 <ann@example.com>: no such user', true],
    ['550 No such user here', true],
    ['553 5.1.3 bad address', true],
    ['550 5.7.1 <ann@example.com>: blocked by a list', false],
    ['554 5.7.1 relay access denied', false],
    ['552 5.2.2 mailbox full', false],
    ['450 4.2.0 <ann@example.com>: greylisted', false],
    ['421 4.3.2 shutting down', false],
  ])('tells from "%s" whether the address is refused for good: %s', async (answer, isRefused) => {
    const [code = '', message = ''] = answer.split(/ (.*)/);
    server.onRecipient = () => refusal(Number(code), message);
    const error = await failure();
    expect([error.isRefused, error.message]).toEqual([isRefused, expect.stringContaining(code)]);
    expect(error.message).not.toContain('ann');
    server.onRecipient = () => null;
    await sent();
  });

  it('takes no refusal of the text for one of the address', async () => {
    server.onMail = () => refusal(554, '5.7.1 spam from ann@example.com');
    const error = await failure();
    expect([error.isRefused, error.message]).toEqual([
      false,
      'The mail server did not take the mail: EMESSAGE DATA 554',
    ]);
  });

  it('fails while the server is away, and works when it is back', async () => {
    await sent();
    await server.pause();
    expect((await failure()).isRefused).toBe(false);
    await server.resume();
    await sent();
  });

  it.each([
    ['that cannot encrypt', { disabledCommands: ['AUTH', 'STARTTLS'] }, 'smtp://shop:hunter2@0.0.0.0'],
    ['whose certificate nobody vouches for', { disabledCommands: ['AUTH'] }, 'smtp://0.0.0.0'],
    ['whose certificate nobody vouches for', { secure: true }, 'smtps://127.0.0.1'],
  ])('hands neither password nor mail to a server %s', async (_, options, origin) => {
    const other = await MailServer.start(options);
    const distrustful = new SmtpMailer(`${origin}:${new URL(other.url).port}`, parseEnv(SETTINGS));
    const error: unknown = await distrustful.send(MAIL).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MailError);
    expect(String(error)).not.toContain('hunter2');
    expect(other.mails).toEqual([]);
    distrustful.close();
    await other.close();
  });

  it('gives a silent server up when the process wants to stop', async () => {
    const silent = await startSilentServer();
    const other = new SmtpMailer(silent.url, parseEnv(SETTINGS));
    const stop = new AbortController();
    const sending = other.send(MAIL, stop.signal);
    setTimeout(() => stop.abort(), 20);
    await expect(sending).rejects.toThrow(MailError);
    other.close();
    await silent.close();
  });
});

describe('writing mails to files', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'cartwright-mail-'));
  });

  afterEach(() => rm(directory, { recursive: true }));

  it('makes one that a mail program opens, for its owner alone, and says where', async () => {
    const info = jest.fn();
    const mailer = new FileMailer(parseEnv({ NODE_ENV: 'test', DATA_DIR: directory }), {
      info,
    } as unknown as Logger);
    await mailer.send(MAIL);
    await mailer.send(MAIL);
    const [name, ...others] = await readdir(path.join(directory, 'mail'));
    expect([name, others]).toEqual([`${MAIL.id}-order_placed.eml`, []]);
    const file = path.join(directory, 'mail', name ?? '');
    expect(await readFile(file, 'utf8')).toContain('To: Ann Buyer <ann@example.com>\r\n');
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect(info).toHaveBeenLastCalledWith({ event: 'mail_written', kind: 'order_placed', file });
  });
});
