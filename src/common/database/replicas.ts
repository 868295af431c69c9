import { AsyncLocalStorage } from 'node:async_hooks';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource, type EntityManager } from 'typeorm';
import { ENV, type Env } from '../../config/env';
import { LOGGER } from '../logging/logger';
import { Replica } from './replica';

/**
 * Where reads are done that a replica may do. Everything else, and these where nothing says how new they must be, is
 * done on the primary.
 */
@Injectable()
export class Replicas implements OnApplicationShutdown {
  private readonly replicas: readonly Replica[];
  private readonly needed = new AsyncLocalStorage<bigint>();
  private turn = 0;

  constructor(
    private readonly primary: DataSource,
    @Inject(ENV) { DATABASE_REPLICA_URLS }: Env,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.replicas = DATABASE_REPLICA_URLS.map((url) => {
      const { host } = new URL(url);
      return new Replica(url, primary, (event, error) => {
        if (error === undefined) logger.info({ event, host });
        else logger.warn({ event, host, err: error });
      });
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.close()));
  }

  /**
   * While `work` runs, its reads may be done on a replica that has replayed the primary's log up to the position.
   * @param position in bytes; null for reads that only the primary does
   */
  tolerate<T>(position: bigint | null, work: () => Promise<T>): Promise<T> {
    return position === null ? work() : this.needed.run(position, work);
  }

  /**
   * Reads on a replica that is new enough, else on the primary. What fails because of the replica is done again there:
   * so it must do nothing but read, and only with the given manager.
   */
  async read<T>(work: (db: EntityManager) => Promise<T>): Promise<T> {
    const position = this.needed.getStore();
    const chosen = position === undefined ? null : await this.choose(position);
    if (!chosen) return work(this.primary.manager);
    try {
      return await work(chosen.db);
    } catch (error) {
      if (!chosen.replica.isToBlame(error)) throw error;
      return work(this.primary.manager);
    }
  }

  /** One that is known to be new enough, each in its turn; else they are asked. */
  private async choose(position: bigint): Promise<{ replica: Replica; db: EntityManager } | null> {
    const first = this.turn++ % Math.max(1, this.replicas.length);
    const inTurn = [...this.replicas.slice(first), ...this.replicas.slice(0, first)];
    for (const replica of inTurn) {
      const db = replica.readAt(position);
      if (db) return { replica, db };
    }
    for (const replica of inTurn) {
      const db = await replica.catchUpTo(position);
      if (db) return { replica, db };
    }
    return null;
  }
}
