import type { Mailbox } from '../../config/mail-settings';

/** A mail to one person, as it is sent. */
export interface Mail {
  /** The same each time it is sent: its Message-ID is made of it, so that a second delivery can be recognized. */
  id: string;
  /** What it is about, for the log: it names no person. */
  kind: string;
  to: Mailbox;
  subject: string;
  html: string;
  text: string;
  /** Whether it comes unasked, again and again, so that it says how to be spared. */
  isRecurring: boolean;
}

/** The one way out for mails. */
export abstract class Mailer {
  /**
   * @param signal ends the attempt
   * @throws MailError when it did not go out, so that it is tried again later
   */
  abstract send(mail: Mail, signal?: AbortSignal): Promise<void>;

  /** Lets go of connections, after those that send right now have finished. */
  close(): void {}
}

/** A mail did not go out. What is said of it names nobody and holds nothing that the server answered. */
export class MailError extends Error {
  override readonly name = 'MailError';

  constructor(
    message: string,
    /** The server will never take a mail to this address: trying again is of no use. */
    readonly isRefused: boolean,
  ) {
    super(message);
  }
}
