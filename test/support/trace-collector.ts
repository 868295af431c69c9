import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A span as it arrived. */
export interface CollectedSpan {
  service: unknown;
  traceId: string;
  id: string;
  /** Empty for the first of a trace. */
  parentId: string;
  name: string;
  isError: boolean;
  attributes: Record<string, unknown>;
}

/** A collector of traces on this machine, which speaks OTLP over HTTP and keeps what it is sent. */
export class TraceCollector {
  readonly spans: CollectedSpan[] = [];
  /** What came over the wire, byte by byte. */
  received = '';
  /** What it answers with. */
  status = 200;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TraceCollector> {
    const server = createServer();
    const collector = new TraceCollector(server);
    server.on('request', (request, response) => {
      void buffer(request).then((body) => {
        collector.received += body.toString('latin1');
        if (collector.status === 200) collector.spans.push(...spansOf(body));
        response.writeHead(collector.status, { 'Content-Type': 'application/x-protobuf' }).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The spans of a trace. */
  trace(traceId: unknown): CollectedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

function spansOf(request: Buffer): CollectedSpan[] {
  return parts(request, 1).flatMap((resourceSpans) => {
    const service = attributesOf(part(resourceSpans, 1), 1)['service.name'];
    const scopes = parts(resourceSpans, 2);
    return scopes.flatMap((scope) => parts(scope, 2).map((span) => ({ service, ...toSpan(span) })));
  });
}

function toSpan(span: Buffer): Omit<CollectedSpan, 'service'> {
  return {
    traceId: part(span, 1).toString('hex'),
    id: part(span, 2).toString('hex'),
    parentId: part(span, 4).toString('hex'),
    name: part(span, 5).toString(),
    isError: numberIn(part(span, 15), 3) === 2,
    attributes: attributesOf(span, 9),
  };
}

function attributesOf(message: Buffer, field: number): Record<string, unknown> {
  const pairs = parts(message, field).map((pair) => [part(pair, 1).toString(), valueOf(part(pair, 2))]);
  return Object.fromEntries(pairs);
}

/** A text or a whole number. */
function valueOf(value: Buffer): unknown {
  return parts(value, 1)[0]?.toString() ?? numberIn(value, 3);
}

function part(message: Buffer, field: number): Buffer {
  return parts(message, field)[0] ?? Buffer.alloc(0);
}

function parts(message: Buffer, field: number): Buffer[] {
  return fieldsOf(message).flatMap(({ number, value }) =>
    number === field && Buffer.isBuffer(value) ? [value] : [],
  );
}

function numberIn(message: Buffer, field: number): number | undefined {
  const found = fieldsOf(message).find(({ number }) => number === field)?.value;
  return typeof found === 'number' ? found : undefined;
}

interface Field {
  number: number;
  value: Buffer | number;
}

/** The fields of a message of Protocol Buffers: numbers, bytes, and those of 4 and 8 bytes as they are. */
function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let position = 0;
  const varint = (): number => {
    let [value, factor, byte] = [0, 1, 0x80];
    for (; byte >= 0x80; factor *= 0x80) {
      byte = message[position++] ?? 0;
      value += (byte & 0x7f) * factor;
    }
    return value;
  };
  const bytes = (length: number): Buffer => message.subarray(position, (position += length));
  while (position < message.length) {
    const key = varint();
    const [number, wireType] = [key >>> 3, key & 7];
    if (wireType === 0) fields.push({ number, value: varint() });
    else fields.push({ number, value: bytes(wireType === 2 ? varint() : wireType === 1 ? 8 : 4) });
  }
  return fields;
}
