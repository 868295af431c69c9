import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Client } from 'pg';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { isRetryable } from './database-errors';
import { together } from './together';

const MAX_RETRIES = 3;

/** Opens the transactions of the services. */
@Injectable()
export class Transactions {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` in one READ COMMITTED transaction. After a deadlock or a serialization failure it is run
   * again, up to 3 times, each after a random wait: so it must do nothing but use `tx`.
   */
  run<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return withRetries(() => this.dataSource.transaction(work));
  }

  /**
   * {@link run} that does not wait for the answers to its last statements before it sends the COMMIT along with them.
   * When one of them fails, PostgreSQL commits nothing.
   * @param finish sends them at once; nothing that it finds in the answers may refuse what `work` did
   */
  runAndFinish<T, R>(
    work: (tx: EntityManager) => Promise<T>,
    finish: (done: T, tx: EntityManager) => Promise<R>,
  ): Promise<R> {
    return withRetries(async () => {
      const runner = this.dataSource.createQueryRunner();
      try {
        await runner.startTransaction();
        const done = await work(runner.manager);
        const [result] = await together([finish(done, runner.manager), runner.commitTransaction()]);
        return result;
      } catch (error) {
        if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
        throw error;
      } finally {
        await runner.release();
      }
    });
  }

  /**
   * Lends one connection for work of many steps, each a statement or a transaction of its own. Locks of the session
   * that the work takes (`pg_try_advisory_lock`) end with it, however it ends.
   */
  async onOneConnection<T>(work: (connection: EntityManager) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    await runner.connect();
    try {
      return await work(runner.manager);
    } finally {
      await giveBack(runner);
    }
  }
}

async function withRetries<T>(transaction: () => Promise<T>): Promise<T> {
  for (let retry = 0; ; retry++) {
    try {
      return await transaction();
    } catch (error) {
      if (retry >= MAX_RETRIES || !isRetryable(error)) throw error;
      await sleep(Math.random() * 20 * 2 ** retry);
    }
  }
}

/** Never puts a connection that still holds a lock back into the pool: what cannot be unlocked is closed. */
async function giveBack(runner: QueryRunner): Promise<void> {
  try {
    await runner.query('SELECT pg_advisory_unlock_all()');
  } catch {
    const client = (await runner.connect()) as Client;
    void client.end();
  } finally {
    await runner.release();
  }
}
