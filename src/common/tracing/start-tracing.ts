import type { Env } from '../../config/env';
import { createLogger } from '../logging/logger';
import { traceWith } from './tracing';

/**
 * Traces the process from here on, if the settings want it; else nothing is loaded. It comes before everything that
 * loads HTTP, PostgreSQL or Redis: what is loaded already is not traced.
 */
export async function startTracing({ OTEL_EXPORTER_OTLP_ENDPOINT, LOG_LEVEL }: Env): Promise<void> {
  if (OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return;
  const { startOpenTelemetry } = await import('./open-telemetry.js');
  traceWith(startOpenTelemetry(createLogger(LOG_LEVEL)));
}
