import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { LOGGER } from '../logging/logger';
import { Jobs } from './jobs';

const BATCH_SIZE = 1_000;

interface Rule {
  table: string;
  condition: string;
}

/** Removes, every hour, rows whose time has passed. Who owns a table says which. */
@Injectable()
export class Cleaning {
  private readonly rules: Rule[] = [];

  constructor(
    private readonly dataSource: DataSource,
    @Inject(LOGGER) private readonly logger: Logger,
    jobs: Jobs,
  ) {
    jobs.schedule('clean', '23 * * * *', ({ signal }) => this.run(signal));
  }

  /**
   * @param condition SQL, in words of the database's clock, that an index of the table serves. It is checked again
   * under the row's lock, so that what has been used meanwhile stays.
   */
  remove(table: string, condition: string): void {
    this.rules.push({ table, condition });
  }

  /** Deletes all that is due, a thousand rows a statement: none holds locks for long. */
  async run(signal?: AbortSignal): Promise<void> {
    for (const rule of this.rules) {
      const count = await this.clean(rule, signal);
      if (count > 0) this.logger.info({ event: 'cleaned', table: rule.table, count });
    }
  }

  private async clean({ table, condition }: Rule, signal?: AbortSignal): Promise<number> {
    let removed = 0;
    for (let batch = BATCH_SIZE; batch === BATCH_SIZE; removed += batch) {
      signal?.throwIfAborted();
      [, batch] = await this.dataSource.query<[unknown[], number]>(
        `DELETE FROM ${table} WHERE ctid = ANY (ARRAY (
           SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${BATCH_SIZE} FOR UPDATE SKIP LOCKED))`,
      );
    }
    return removed;
  }
}
