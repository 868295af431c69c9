import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { isRefused } from '../database/database-errors';
import { LOGGER } from '../logging/logger';
import { Jobs } from './jobs';

const BATCH_SIZE = 1_000;

/** What is removed, and when. */
export interface CleaningRule {
  table: string;
  condition: string;
}

/** Removes, every hour, rows whose time has passed. Who owns a table says which. */
@Injectable()
export class Cleaning {
  private readonly rules: CleaningRule[] = [];

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

  /** Deletes all that is due. */
  async run(signal?: AbortSignal): Promise<void> {
    for (const rule of this.rules) await this.clean(rule, signal);
  }

  /** What the connected role may not remove, somebody else has to: the other tables are cleaned all the same. */
  private async clean(rule: CleaningRule, signal?: AbortSignal): Promise<void> {
    const { table } = rule;
    try {
      const count = await removeRows(rule, this.dataSource, signal);
      if (count > 0) this.logger.info({ event: 'cleaned', table, count });
    } catch (error) {
      if (!isRefused(error)) throw error;
      this.logger.warn({ event: 'cleaning_refused', table });
    }
  }
}

/** Deletes what is due, a thousand rows a statement: none holds locks for long. @returns how many there were */
export async function removeRows(
  { table, condition }: CleaningRule,
  connection: Pick<DataSource, 'query'>,
  signal?: AbortSignal,
): Promise<number> {
  let removed = 0;
  for (let batch = BATCH_SIZE; batch === BATCH_SIZE; removed += batch) {
    signal?.throwIfAborted();
    [, batch] = await connection.query<[unknown[], number]>(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY (
         SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${BATCH_SIZE} FOR UPDATE SKIP LOCKED))`,
    );
  }
  return removed;
}
