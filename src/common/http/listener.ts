import type { Server } from 'node:http';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Draining } from './draining';

/** In which a balancer that looks for the fewest connections sees that here are more than elsewhere. */
const HOLD_MS = 500;

/** Turns of the event loop, in case that connections never stop coming. */
const MAX_TURNS = 200;

/**
 * Closes the listener without turning away who was sent here: connections that wait to be taken in when it closes are
 * reset by the system, and a POST on one of them is not sent again by a balancer. So the last answers are held back for
 * a moment, which sends new connections to other instances; what waits is taken in, and in a turn of the event loop in
 * which nothing came the listener closes.
 */
@Injectable()
export class Listener implements BeforeApplicationShutdown {
  private closed: Promise<void> | null = null;

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly draining: Draining,
  ) {}

  /** @param holdMs none where the port is shared: a connection that comes meanwhile goes to another worker */
  async close({ holdMs = HOLD_MS } = {}): Promise<void> {
    const server: Server = this.adapterHost.httpAdapter.getHttpServer();
    const release = this.draining.hold();
    try {
      await sleep(holdMs);
      await untilNothingComes(server);
      this.closed = new Promise((resolve) => server.close(() => resolve()));
    } finally {
      release();
    }
  }

  /** Whoever was let in gets the answer, before anything that it may need is closed. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.closed;
  }
}

/** Each turn takes in all connections that wait. */
async function untilNothingComes(server: Server): Promise<void> {
  let isQuiet = false;
  const note = (): void => void (isQuiet = false);
  server.on('connection', note);
  for (let turn = 0; turn < MAX_TURNS && !isQuiet; turn++) {
    isQuiet = true;
    await nextTurn();
  }
  server.off('connection', note);
}
