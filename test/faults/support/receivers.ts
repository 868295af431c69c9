import { MailServer, type ReceivedMail } from '../../support/smtp';
import { type Received, WebhookReceiver } from '../../support/webhook-receiver';

/** Somebody outside who is to hear of every order that is placed. */
export interface Receiver {
  readonly name: string;
  /** What was heard: of which order, by its number, under which id. */
  heard(): { order: string; id: string }[];
  /** Acts when an order is heard of next, before whoever tells of it knows that it was. */
  whenNextHeard<T>(act: () => Promise<T>): Promise<T>;
  leave(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/** The customers, by what arrives in their mailboxes. */
export function customersOf(server: MailServer): Receiver {
  const orderIn = ({ subject = '' }: ReceivedMail): string | undefined =>
    /^Your order ([A-Z0-9-]+)$/.exec(subject)?.[1];
  return {
    name: 'customers',
    heard: () =>
      server.mails.flatMap((mail) => {
        const order = orderIn(mail);
        return order === undefined ? [] : [{ order, id: mail.messageId ?? '' }];
      }),
    whenNextHeard: (act) =>
      new Promise((resolve) => {
        server.onMail = (mail) => {
          if (orderIn(mail) === undefined) return null;
          server.onMail = () => null;
          resolve(act());
          return null;
        };
      }),
    leave: () => server.pause(),
    comeBack: () => server.resume(),
    close: () => server.close(),
  };
}

/** Another system, by what its webhook is told and takes. */
export function systemBehind(webhook: WebhookReceiver): Receiver {
  const taken: Received[] = [];
  const take = (delivery: Received): number => {
    taken.push(delivery);
    return 204;
  };
  webhook.answer = take;
  return {
    name: 'webhook',
    heard: () => taken.map(({ body }) => ({ order: body.data.number, id: body.id })),
    whenNextHeard: (act) =>
      new Promise((resolve) => {
        webhook.answer = (delivery) => {
          webhook.answer = take;
          resolve(act());
          return take(delivery);
        };
      }),
    leave: async () => void (webhook.answer = () => 503),
    comeBack: async () => void (webhook.answer = take),
    close: () => webhook.close(),
  };
}
