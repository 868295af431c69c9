import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { isRefused, isStatementTimeout } from '../database/database-errors';
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

  /** Deletes all that is due. One table that cannot be cleaned keeps no other from it. @throws what the first one failed by */
  async run(signal?: AbortSignal): Promise<void> {
    const failures: unknown[] = [];
    for (const rule of this.rules) {
      signal?.throwIfAborted();
      await this.clean(rule, signal).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  /** What the connected role may not remove, somebody else has to. */
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

/**
 * Deletes what is due, a thousand rows a statement: none holds locks for long. Where that takes too long, as with rows on
 * which very many others hang, it goes on with half as many.
 * @returns how many there were
 */
export async function removeRows(
  rule: CleaningRule,
  connection: Pick<DataSource, 'query'>,
  signal?: AbortSignal,
): Promise<number> {
  let removed = 0;
  for (let limit = BATCH_SIZE, isLeft = true; isLeft;) {
    signal?.throwIfAborted();
    const count = await removeSome(rule, limit, connection);
    isLeft = count === null || count === limit;
    removed += count ?? 0;
    if (count === null) limit = Math.ceil(limit / 2);
  }
  return removed;
}

/** @returns how many there were; null when they were too many for one statement */
async function removeSome(
  { table, condition }: CleaningRule,
  limit: number,
  connection: Pick<DataSource, 'query'>,
): Promise<number | null> {
  try {
    const [, count] = await connection.query<[unknown[], number]>(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY (
         SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${limit} FOR UPDATE SKIP LOCKED))`,
    );
    return count;
  } catch (error) {
    if (limit === 1 || !isStatementTimeout(error)) throw error;
    return null;
  }
}
