import { randomInt } from 'node:crypto';
import { Readable } from 'node:stream';
import { createParamDecorator, type ExecutionContext, StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import { documentHeader } from '../openapi/document-header';
import type { AppRequest } from './app-request';

export const EVENT_STREAM = 'text/event-stream';

/** After so long a client that lost its stream asks for it again: not all at once after a restart. */
const RETRY_MS = { least: 2_000, most: 4_000 };

/** What may wait here for a client that does not read, after the buffers of its connection are full. */
const MAX_WAITING_BYTES = 256_000;

interface ServerSentEvent {
  id: string;
  event: string;
  data: object;
}

/** Server-sent events as they are written: an answer that goes on until either side ends it. */
export class EventStream extends Readable {
  private hasFinished = false;

  constructor() {
    super({ read: () => undefined });
    this.write(`retry: ${randomInt(RETRY_MS.least, RETRY_MS.most)}\n\n`);
  }

  send({ id, event, data }: ServerSentEvent): void {
    this.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Shows the client, and proxies on the way, that a quiet stream lives. */
  sendHeartbeat(): void {
    this.write(':\n\n');
  }

  /** Ends the stream. Clients ask for it again, with the id of the last event that they have. */
  finish(): void {
    if (this.hasFinished) return;
    this.hasFinished = true;
    this.push(null);
  }

  private write(text: string): void {
    if (this.hasFinished || this.destroyed) return;
    this.push(text);
    if (this.readableLength > MAX_WAITING_BYTES) this.destroy();
  }
}

/** How a client asks for a stream. */
export interface StreamRequest {
  /** The last event that it has, as the client says. */
  lastEventId: string | undefined;
}

/** The request for a stream; null when the client rather takes JSON, or does not say. */
export const Streamed = createParamDecorator(
  (_: unknown, context: ExecutionContext): StreamRequest | null => {
    const request = context.switchToHttp().getRequest<AppRequest>();
    context.switchToHttp().getResponse<Response>().vary('Accept');
    if (request.accepts(['application/json', EVENT_STREAM]) !== EVENT_STREAM) return null;
    return { lastEventId: request.get('last-event-id') };
  },
  [documentHeader('Last-Event-ID', 'For a stream: the `id` of the last event that you have.')],
);

/** Answers with the stream, past the buffers of proxies. When the stream is cut off, so is its connection. */
export function sendEvents(stream: EventStream, response: Response): StreamableFile {
  response.setHeader('X-Accel-Buffering', 'no');
  stream.once('close', () => {
    if (!response.writableEnded) response.destroy();
  });
  return new StreamableFile(stream, { type: EVENT_STREAM });
}

/** Whether this is how the answer goes on. */
export function isEventStream(response: Response): boolean {
  return response.getHeader('Content-Type') === EVENT_STREAM;
}
