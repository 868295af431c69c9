import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ENV, type Env } from '../../config/env';
import type { CacheScope } from './cached.decorator';

interface Generations {
  /** Which database counts. */
  database: string;
  /** How often each scope has changed; null for a database without any change. */
  counts: Readonly<Record<string, string>> | null;
  /** An end of the database's log at which these changes were in it, in bytes; null where there are no replicas. */
  position: string | null;
}

/** A generation of some scopes. */
export interface Generation {
  name: string;
  /** Whoever has replayed the primary's log up to here has all of its changes; null where there are no replicas. */
  position: bigint | null;
}

/**
 * Another database, or the same one after a restore, counts the same numbers again for other states: its name in
 * Redis is made of when its server started and of what the server calls it and the table.
 */
const READ = (
  position: string,
): string => `SELECT concat_ws('-', extract(epoch FROM pg_postmaster_start_time()), d.oid, 'cache_generations'::regclass::oid)
    AS database, (SELECT json_object_agg(scope, count) FROM (
      SELECT scope, sum(value)::text AS count FROM cache_generations GROUP BY scope) counted) AS counts, ${position} AS position
  FROM pg_database d WHERE d.datname = current_database()`;

/**
 * Written to, if not yet on disk: the log ends after every commit that the statement sees, also where commits do not wait
 * for the disk.
 */
const END_OF_LOG = `(pg_current_wal_insert_lsn() - '0/0')::text`;

/** How long a question waits for the statement before it, which may hang, until it runs one of its own. */
const MAX_WAIT_MS = 20;

/**
 * How often each scope has changed, as the database says: a number that is another after every commit that touched
 * it, whoever committed on whatever instance. What was made under one number is good as long as it is the same.
 */
@Injectable()
export class CacheGenerations {
  private running: Promise<Generations> | null = null;
  private next: Promise<Generations> | null = null;

  private readonly statement: string;
  private reached = { state: '', position: -1n };

  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENV) { DATABASE_REPLICA_URLS }: Env,
  ) {
    this.statement = READ(DATABASE_REPLICA_URLS.length > 0 ? END_OF_LOG : 'NULL');
  }

  /** The generation of the scopes together, no older than this call. Calls at the same time share one statement. */
  async current(scopes: readonly CacheScope[]): Promise<Generation> {
    // A statement that has begun may have missed the newest commit: the one after it answers.
    this.next ??= this.readAfter(this.running);
    const generations = await this.next;
    const { database, counts } = generations;
    const name = `${database} ${scopes.map((scope) => counts?.[scope] ?? '0').join('.')}`;
    return { name, position: this.positionOf(generations) };
  }

  /**
   * The log goes on with whatever is written to the database, but the changes of a state were in it when the state was
   * first seen: a replica that has come that far need not follow further to have them.
   */
  private positionOf({ database, counts, position }: Generations): bigint | null {
    if (position === null) return null;
    const state = JSON.stringify([database, counts]);
    const isKnown = state === this.reached.state;
    if (!isKnown) this.reached = { state, position: BigInt(position) };
    return this.reached.position;
  }

  private async readAfter(running: Promise<Generations> | null): Promise<Generations> {
    if (running) await Promise.race([running.catch(() => undefined), sleep(MAX_WAIT_MS)]);
    // Whoever has asked by now, and is only to be read from its connection, is answered by the same statement.
    await turn();
    this.next = null;
    this.running = this.read();
    return this.running;
  }

  private async read(): Promise<Generations> {
    const [generations] = await this.dataSource.query<Generations[]>(this.statement, []);
    if (!generations) throw new Error('The database does not know itself');
    return generations;
  }
}
