import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { isRetryable } from './database-errors';

const MAX_RETRIES = 3;

/** Opens the transactions of the services. */
@Injectable()
export class Transactions {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` in one READ COMMITTED transaction. After a deadlock or a serialization failure it is run
   * again, up to 3 times, each after a random wait: so it must do nothing but use `tx`.
   */
  async run<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    for (let retry = 0; ; retry++) {
      try {
        return await this.dataSource.transaction(work);
      } catch (error) {
        if (retry >= MAX_RETRIES || !isRetryable(error)) throw error;
        await sleep(Math.random() * 20 * 2 ** retry);
      }
    }
  }
}
