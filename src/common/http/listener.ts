import type { Server } from 'node:http';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Draining } from './draining';

const CHECK_MS = 10;

/**
 * So many checks in a row that find no new connection are a quiet moment: well within the second for which nginx leaves
 * an instance alone that has handed a request back. Checks and not milliseconds, as the process takes in between two of
 * them whoever waits, however busy it is.
 */
const QUIET_CHECKS = 30;

/** About two seconds: some balancers never leave an instance alone. */
const MAX_CHECKS = 200;

/** Turns of the event loop, in case that connections never stop coming. */
const MAX_TURNS = 200;

/**
 * Closes the listener without turning away who was sent here: connections that wait to be taken in when it closes are
 * reset by the system, and a POST on one of them is not sent again by a balancer. So the last answers are held back,
 * which sends new connections to other instances where a balancer looks for the fewest, and reads are handed back where
 * it tries them elsewhere (see `requestContext`), upon which it leaves this instance alone for a while. After a quiet
 * moment, in a turn of the event loop in which nothing came, the listener closes.
 */
@Injectable()
export class Listener implements BeforeApplicationShutdown {
  private closed: Promise<void> | null = null;

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly draining: Draining,
  ) {}

  /** @param isShared whether other workers go on with the port: whoever comes meanwhile goes to one of them */
  async close({ isShared = false } = {}): Promise<void> {
    const server: Server = this.adapterHost.httpAdapter.getHttpServer();
    const release = this.draining.hold({ isShared });
    try {
      if (!isShared) await untilQuiet(server);
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

async function untilQuiet(server: Server): Promise<void> {
  let quiet = 0;
  const note = (): void => void (quiet = 0);
  server.on('connection', note);
  for (let check = 0; check < MAX_CHECKS && quiet < QUIET_CHECKS; check++) {
    quiet++;
    await sleep(CHECK_MS);
  }
  server.off('connection', note);
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
