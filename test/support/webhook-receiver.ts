import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Json } from './api-client';

/** A delivery as it arrived. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  /** As bytes on the wire. */
  raw: string;
  body: Json;
}

/** A status; or what is done with the answer, which may be nothing at all. */
type Reply = number | ((response: ServerResponse) => void);

/** A server on this machine that is told of events, and keeps what it is told. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  /** Decides what each delivery is answered with. */
  answer: (delivery: Received) => Reply = () => 204;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<WebhookReceiver> {
    const server = createServer();
    const receiver = new WebhookReceiver(server);
    server.on('request', (request, response: ServerResponse) => {
      void text(request).then((raw) => {
        const delivery = {
          path: request.url ?? '',
          headers: request.headers,
          raw,
          body: JSON.parse(raw),
        };
        receiver.received.push(delivery);
        const reply = receiver.answer(delivery);
        if (typeof reply === 'number') response.writeHead(reply).end();
        else reply(response);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  url(path = '/'): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** What came to this path, in the order of its coming. */
  at(path: string): Received[] {
    return this.received.filter((delivery) => delivery.path === path);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** The check of the README. */
export function isGenuine(headers: IncomingHttpHeaders, body: string, secret: string): boolean {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key)
    .update(`${String(id)}.${String(timestamp)}.${body}`)
    .digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .map((signature) => Buffer.from(signature.replace('v1,', ''), 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}
