import { setTimeout as sleep } from 'node:timers/promises';
import {
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Logger } from 'pino';
import { DiscreetExporter } from './discreet-exporter';
import { instrumentations } from './instrumentations';
import type { Tracer } from './tracing';

const NAME = 'cartwright';
/** How long the end of the process waits for the collector to take the last spans. */
const STOP_MS = 2_000;

/** Registers the SDK, which reads its own variables: the collector and its headers, the sampler, the batches. */
export function startOpenTelemetry(logger: Logger): Tracer {
  const exporter = new DiscreetExporter(new OTLPTraceExporter(), logger);
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': NAME }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  // Of what a request brings along only its place in a trace goes on to others: baggage may be anything.
  provider.register({ propagator: new W3CTraceContextPropagator() });
  registerInstrumentations({ instrumentations: instrumentations(), tracerProvider: provider });
  const stop = async (): Promise<void> => {
    const sent = provider.shutdown().catch(() => undefined);
    await Promise.race([sent, sleep(STOP_MS, undefined, { ref: false })]);
  };
  return { traceId, traceparent, span, stop };
}

function traceId(): string | undefined {
  return trace.getActiveSpan()?.spanContext().traceId;
}

function traceparent(): string | undefined {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}

const span: Tracer['span'] = (name, { cause, attributes }, work) => {
  const parent = propagation.extract(ROOT_CONTEXT, { traceparent: cause ?? '' });
  const options = { kind: SpanKind.CONSUMER, attributes };
  return trace.getTracer(NAME).startActiveSpan(name, options, parent, (active) => finish(active, work));
};

async function finish<T>(active: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    active.setStatus({ code: SpanStatusCode.ERROR });
    active.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
    throw error;
  } finally {
    active.end();
  }
}
