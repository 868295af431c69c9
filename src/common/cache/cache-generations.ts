import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CacheScope } from './cached.decorator';

interface Generations {
  /** Which database counts. */
  database: string;
  /** How often each scope has changed; null for a database without any change. */
  counts: Readonly<Record<string, string>> | null;
}

/**
 * Another database, or the same one after a restore, counts the same numbers again for other states: its name in
 * Redis is made of when its server started and of what the server calls it and the table.
 */
const READ = `SELECT concat_ws('-', extract(epoch FROM pg_postmaster_start_time()), d.oid, 'cache_generations'::regclass::oid)
    AS database, (SELECT json_object_agg(scope, count) FROM (
      SELECT scope, sum(value)::text AS count FROM cache_generations GROUP BY scope) counted) AS counts
  FROM pg_database d WHERE d.datname = current_database()`;

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

  constructor(private readonly dataSource: DataSource) {}

  /** The generation of the scopes together, no older than this call. Calls at the same time share one statement. */
  async current(scopes: readonly CacheScope[]): Promise<string> {
    // A statement that has begun may have missed the newest commit: the one after it answers.
    this.next ??= this.readAfter(this.running);
    const { database, counts } = await this.next;
    return `${database} ${scopes.map((scope) => counts?.[scope] ?? '0').join('.')}`;
  }

  private async readAfter(running: Promise<Generations> | null): Promise<Generations> {
    if (running) await Promise.race([running.catch(() => undefined), sleep(MAX_WAIT_MS)]);
    else await Promise.resolve();
    this.next = null;
    this.running = this.read();
    return this.running;
  }

  private async read(): Promise<Generations> {
    const [generations] = await this.dataSource.query<Generations[]>(READ);
    if (!generations) throw new Error('The database does not know itself');
    return generations;
  }
}
