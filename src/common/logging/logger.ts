import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, pino, type Logger } from 'pino';
import { workerSlot } from '../cluster/worker-slot';
import { currentRequest } from '../http/current-request';
import { currentTraceId } from '../tracing/tracing';

/** Injection token of the one pino logger. */
export const LOGGER = Symbol('LOGGER');

/** A write for each line costs as much as all else that a cached answer takes. What is written when the process ends is not lost. */
const TOGETHER = { sync: false, minLength: 4_096, periodicFlush: 100 };

/** Bytes that wait for a reader that is stuck. The shop goes on, and lines beyond them are lost. */
export const MAX_WAITING = 16_777_216;

/** @param dest a file descriptor; standard output unless told */
export function logDestination(dest = 1): ReturnType<typeof pino.destination> {
  return pino.destination({ ...TOGETHER, dest, maxLength: MAX_WAITING });
}

/** JSON lines on standard output, some milliseconds later; secrets that slip into an object are cut out. */
export function createLogger(level: string, destination: DestinationStream = logDestination()): Logger {
  const worker = workerSlot();
  const options = {
    level,
    base: worker === null ? null : { worker },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
    mixin: () => ({ requestId: currentRequest.getStore()?.id, traceId: currentTraceId() }),
    redact: {
      paths: ['*.password', '*.token', '*.accessToken', '*.refreshToken', '*.authorization', '*.email'],
      remove: true,
    },
  };
  return pino(options, destination);
}

/** The parts of an error that hold no parameters of a statement, and so no personal data. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack } = error;
  return { type: name, message, code: 'code' in error ? error.code : undefined, stack };
}

/** Lets Nest's own messages go the same way as ours. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }

  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, String(message));
  }

  error(message: unknown, stackOrContext?: string): void {
    this.logger.error({ context: stackOrContext }, String(message));
  }
}
