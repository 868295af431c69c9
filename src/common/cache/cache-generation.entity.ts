import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * Counts the changes of what is cached. Triggers raise one row of the scope with every change, in its transaction:
 * the sum over a scope is another after each commit.
 */
@Entity('cache_generations')
export class CacheGeneration {
  @PrimaryColumn('text')
  scope: string;

  /** Writers at the same time take rows of their own, so that none waits for another. */
  @PrimaryColumn('integer')
  slot: number;

  @Column('bigint')
  value: string;
}
