import { type Attributes, SpanKind } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { Logger } from 'pino';

/** What may leave the house. Left out are addresses of people, their programs, and paths and queries of URLs. */
const SHOWN: ReadonlySet<string> = new Set([
  'http.request.method',
  'http.response.status_code',
  'http.route',
  'url.scheme',
  'server.address',
  'server.port',
  'db.system.name',
  'db.namespace',
  'db.operation.name',
  'db.query.text',
  'db.response.status_code',
  'error.type',
  'request.id',
  'user.id',
  'job.name',
  'job.id',
  'job.attempt',
  'event.id',
  'event.type',
  'webhook.id',
  'webhook.delivery.id',
  'webhook.delivery.attempt',
]);

/**
 * Hands spans on with what may be shown of them, and logs when the collector stops taking them and when it takes them
 * again: once each, however many are lost.
 */
export class DiscreetExporter implements SpanExporter {
  private isFailing = false;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly logger: Logger,
  ) {}

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.exporter.export(spans.filter(hasCause).map(shown), (result) => {
      this.note(result);
      done(result);
    });
  }

  forceFlush(): Promise<void> {
    return this.exporter.forceFlush?.() ?? Promise.resolve();
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  private note({ code, error }: ExportResult): void {
    const isFailing = code !== ExportResultCode.SUCCESS;
    if (isFailing === this.isFailing) return;
    this.isFailing = isFailing;
    if (isFailing) this.logger.warn({ event: 'traces_not_sent', reason: error?.message });
    else this.logger.info({ event: 'traces_sent_again' });
  }
}

/** Connecting to Redis is nobody's request: it would be a trace of its own. */
function hasCause({ kind, parentSpanContext }: ReadableSpan): boolean {
  return kind !== SpanKind.CLIENT || parentSpanContext !== undefined;
}

/** Errors are named by their type: what they say may quote a value, as PostgreSQL does. */
function shown(span: ReadableSpan): ReadableSpan {
  return Object.create(span, {
    attributes: { value: pick(span.attributes) },
    status: { value: { code: span.status.code } },
    events: { value: [] },
  }) as ReadableSpan;
}

function pick(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => SHOWN.has(name)));
}
