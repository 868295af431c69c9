import type { ApiClient, Json } from './api-client';

interface StreamedEvent {
  id: string;
  event: string;
  data: Json;
}

/** A client that follows a stream of server-sent events, and keeps what it gets. */
export class TestStream {
  readonly events: StreamedEvent[] = [];
  heartbeats = 0;
  retryMs = 0;
  /** Whether the server ended the answer as it should, and did not cut the connection. */
  isEnded = false;
  isCut = false;
  /** Done when it is ended, cut or left. */
  over: Promise<void> = Promise.resolve();
  private unread = '';

  private constructor(
    readonly response: Response,
    private readonly controller: AbortController,
  ) {}

  /** @throws Error when the answer is no stream */
  static async open(api: ApiClient, path: string, headers: Record<string, string> = {}): Promise<TestStream> {
    const controller = new AbortController();
    const response = await api.open(path, { Accept: 'text/event-stream', ...headers }, controller.signal);
    if (response.headers.get('content-type') !== 'text/event-stream' || !response.body) {
      throw new Error(`Expected a stream, got ${response.status}: ${await response.text()}`);
    }
    const stream = new TestStream(response, controller);
    stream.over = stream.read(response.body);
    return stream;
  }

  /** Ids of the events, in the order in which they came. */
  get ids(): string[] {
    return this.events.map(({ id }) => id);
  }

  /** Where the order went, event by event. */
  get states(): string[] {
    return this.events.map(({ data }) => data.to);
  }

  /** Goes away, as an app does that is closed. */
  leave(): void {
    this.controller.abort();
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body) this.take(decoder.decode(chunk, { stream: true }));
      this.isEnded = true;
    } catch {
      this.isCut = true;
    }
  }

  private take(text: string): void {
    const blocks = (this.unread + text).split('\n\n');
    this.unread = blocks.pop() ?? '';
    for (const block of blocks) this.takeBlock(block.split('\n'));
  }

  private takeBlock(lines: string[]): void {
    const fields = Object.fromEntries(
      lines.map((line) => [line.split(':', 1)[0] ?? '', line.replace(/^[^:]*: ?/, '')]),
    );
    if (fields.retry) this.retryMs = Number(fields.retry);
    if ('' in fields) this.heartbeats += 1;
    const { id = '', event = '', data } = fields;
    if (data) this.events.push({ id, event, data: JSON.parse(data) });
  }
}
