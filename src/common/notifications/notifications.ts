import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Client } from 'pg';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { LOGGER } from '../logging/logger';

const ANSWER_TIMEOUT_MS = 2_000;
const FIRST_RETRY_MS = 200;
const MAX_RETRY_MS = 3_000;

/** After so long without a word the system asks whether the other side is still there. */
const KEEP_ALIVE_MS = 10_000;

interface Listener {
  /** A transaction that notified the channel has committed, on whatever instance. */
  onNotified(payload: string): void;
  /** From now on notifications arrive: what was sent before may have been missed. */
  onListening(): void;
}

/**
 * What PostgreSQL tells this process (LISTEN), on one connection of its own, which is none of the pool's. It is made
 * anew whenever it is lost, and the process lives on without it. It needs a session of its own on the server, so it
 * does not work through a pooler that lends connections for a transaction.
 */
@Injectable()
export class Notifications implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly listeners = new Map<string, Listener>();
  private client: Client | null = null;
  private hasStopped = false;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** To be called before the application starts; a channel has one listener. */
  listen(channel: string, listener: Listener): void {
    this.listeners.set(channel, listener);
  }

  onApplicationBootstrap(): void {
    void this.keepListening();
  }

  async onApplicationShutdown(): Promise<void> {
    this.hasStopped = true;
    await this.client?.end();
  }

  private async keepListening(): Promise<void> {
    for (let failures = 0; !this.hasStopped; failures += 1) {
      if (await this.listenUntilLost()) failures = 0;
      await sleep(waitAfter(failures), undefined, { ref: false });
    }
  }

  /** Returns when the connection is lost. @returns false when there was none to be had */
  private async listenUntilLost(): Promise<boolean> {
    const client = this.createClient();
    const lost = lossOf(client);
    this.client = client;
    try {
      await client.connect();
      for (const channel of this.listeners.keys()) await client.query(`LISTEN ${channel}`);
      for (const listener of this.listeners.values()) listener.onListening();
      await lost;
      if (!this.hasStopped) this.logger.warn({ event: 'listen_lost' });
      return true;
    } catch (error) {
      this.logger.debug({ event: 'listen_failed', err: error });
      return false;
    } finally {
      void client.end().catch(() => undefined);
    }
  }

  private createClient(): Client {
    const { options } = this.dataSource;
    const client = new Client({
      connectionString: options.type === 'postgres' ? options.url : undefined,
      application_name: 'cartwright-listener',
      connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    });
    return client.on('notification', ({ channel, payload = '' }) =>
      this.listeners.get(channel)?.onNotified(payload),
    );
  }
}

/** Without a listener for its errors the process would die with the connection. */
function lossOf(client: Client): Promise<void> {
  return new Promise((resolve) => {
    client.on('error', () => resolve());
    client.on('end', () => resolve());
  });
}

/** Longer after each failure, and not the same for all instances when PostgreSQL comes back. */
function waitAfter(failures: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** failures, MAX_RETRY_MS) * (0.5 + Math.random() / 2);
}
