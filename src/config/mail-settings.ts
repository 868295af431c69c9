import addressparser from 'nodemailer/lib/addressparser';
import { z } from 'zod';

/** A name, where there is one, and an e-mail address. */
export interface Mailbox {
  name?: string;
  address: string;
}

/** `shop@example.com`, or `The Shop <shop@example.com>`. */
export const mailbox = z
  .string()
  .transform((value, context): Mailbox => {
    const [found, ...more] = /\p{Cc}/u.test(value) ? [] : addressparser(value, { flatten: true });
    if (found && more.length === 0 && /^[^\s@<>]+@[^\s@<>]+$/.test(found.address))
      return { ...(found.name !== '' && { name: found.name }), address: found.address };
    context.addIssue({ code: 'custom', message: 'is not an address such as The Shop <shop@example.com>' });
    return z.NEVER;
  })
  .describe('an address, alone or as Name <address>');

/**
 * A mail server with its credentials. Without parameters: nodemailer would take any of its options from there, such as
 * not to check certificates.
 */
export const smtpUrl = z
  .string()
  .refine(
    isSmtpUrl,
    'is not a URL such as smtps://user:password@mail.example.com, with special characters as %xx',
  )
  .describe('a URL with smtp:// or smtps://');

function isSmtpUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, pathname, search, hash } = new URL(value);
  return (
    /^smtps?:$/.test(protocol) && hostname !== '' && /^\/?$/.test(pathname) && search === '' && hash === ''
  );
}
