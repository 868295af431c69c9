import cluster from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import type { Logger } from 'pino';
import { isClusterMessage } from './common/cluster/messages';
import { Draining } from './common/http/draining';
import { Listener } from './common/http/listener';
import { leaveSignals } from './signals-while-starting';

const MAX_SHUTDOWN_MS = 15_000;

/** A terminal and npm both pass Ctrl-C on: the same key press comes twice. */
const SAME_SIGNAL_MS = 1_000;

interface ShutdownOptions {
  /** How long requests are still taken, while the balancer notices. */
  delayMs: number;
  logger: Logger;
  /** What ends after the application. */
  stopRest: () => Promise<void>;
}

/**
 * On SIGTERM or SIGINT: readiness turns 503 and answers say `Connection: close`; after a moment in which the
 * balancer notices, where there is one, the listener closes and requests in flight end; then everything else stops.
 * A worker in whose place is another does the same without that moment: the others go on with the port.
 * Exit code 0, or 1 when that takes longer than 15 s. Another signal, more than a second later, ends the process at once.
 */
export function shutDownOnSignal(
  app: INestApplicationContext,
  { delayMs, logger, stopRest }: ShutdownOptions,
): void {
  const draining = app.get(Draining);
  let begunAt = 0;
  const begin = (shutDownApp: () => Promise<void>): void => {
    begunAt = Date.now();
    draining.begin();
    setTimeout(() => process.exit(1), MAX_SHUTDOWN_MS).unref();
    void shutDownApp()
      .then(stopRest)
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (draining.hasBegun) {
      if (Date.now() - begunAt > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    logger.info({ event: 'shutdown', signal });
    begin(() => shutDown(app, delayMs));
  };
  leaveSignals();
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.on('message', (message: unknown) => {
    if (!isClusterMessage(message) || message.cartwright !== 'retire' || draining.hasBegun) return;
    logger.info({ event: 'shutdown', signal: 'retire' });
    begin(() => retire(app));
  });
  // To a terminal that goes away the primary has an answer.
  if (cluster.isWorker) process.on('SIGHUP', () => undefined);
}

async function shutDown(app: INestApplicationContext, delayMs: number): Promise<void> {
  await sleep(delayMs);
  if (delayMs > 0) await app.get(Listener).close();
  await app.close();
}

async function retire(app: INestApplicationContext): Promise<void> {
  await app.get(Listener).close({ isShared: true });
  await app.close();
}
