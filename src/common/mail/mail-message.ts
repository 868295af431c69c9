import type { SendMailOptions } from 'nodemailer';
import type { Env } from '../../config/env';
import type { Mail } from './mailer';

/** The mail as nodemailer takes it: the two forms as alternatives, and headers that programs go by. */
export function toMessage(mail: Mail, { MAIL_FROM, MAIL_REPLY_TO }: Env): SendMailOptions {
  const { id, to, subject, text, html, isRecurring } = mail;
  const mailbox = MAIL_REPLY_TO ?? MAIL_FROM;
  return {
    from: withName(MAIL_FROM),
    to: withName(to),
    ...(MAIL_REPLY_TO && { replyTo: withName(MAIL_REPLY_TO) }),
    messageId: `<${id}@${domainOf(MAIL_FROM.address)}>`,
    subject,
    text,
    html,
    // Nobody's holiday note is to answer it (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
    ...(isRecurring && { list: { unsubscribe: `mailto:${mailbox.address}?subject=Unsubscribe` } }),
    xMailer: false,
    // The texts are ours, yet nothing in them may ever be fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function withName({ name = '', address }: Mail['to']): { name: string; address: string } {
  return { name, address };
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
