import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CacheScope } from './cached.decorator';

type Generations = ReadonlyMap<string, string>;

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
    const generations = await this.next;
    return scopes.map((scope) => generations.get(scope) ?? '0').join('.');
  }

  private async readAfter(running: Promise<Generations> | null): Promise<Generations> {
    if (running) await Promise.race([running.catch(() => undefined), sleep(MAX_WAIT_MS)]);
    else await Promise.resolve();
    this.next = null;
    this.running = this.read();
    return this.running;
  }

  private async read(): Promise<Generations> {
    const rows = await this.dataSource.query<{ scope: string; generation: string }[]>(
      'SELECT scope, sum(value)::text AS generation FROM cache_generations GROUP BY scope',
    );
    return new Map(rows.map(({ scope, generation }) => [scope, generation]));
  }
}
