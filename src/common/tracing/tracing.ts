/** What a span says besides its name. Ids, counts and kinds: never personal data. */
export interface SpanDetails {
  /** The W3C `traceparent` of what caused it. Without one it begins a trace. */
  cause: string | null | undefined;
  attributes: Record<string, string | number>;
}

/** A tracer, where there is one. */
export interface Tracer {
  traceId(): string | undefined;
  traceparent(): string | undefined;
  span<T>(name: string, details: SpanDetails, work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

let tracer: Tracer | undefined;

/** From now on this one traces what the process does. */
export function traceWith(started: Tracer): void {
  tracer = started;
}

/** Of what is being done right now; undefined where nothing is traced. */
export function currentTraceId(): string | undefined {
  return tracer?.traceId();
}

/** Names the present span for who goes on with the work later, or elsewhere; undefined where nothing is traced. */
export function currentTraceparent(): string | undefined {
  return tracer?.traceparent();
}

/** Does the work as a span that ends with it. */
export function inSpan<T>(name: string, details: SpanDetails, work: () => Promise<T>): Promise<T> {
  return tracer ? tracer.span(name, details, work) : work();
}

/** Sends what was not sent yet. */
export async function stopTracing(): Promise<void> {
  await tracer?.stop();
}
