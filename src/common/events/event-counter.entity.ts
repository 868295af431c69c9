import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * The last position that was given to an event. A row and not a sequence: what is given in a transaction that fails
 * is given again, so that positions have no gaps.
 */
@Entity('event_counters')
export class EventCounter {
  @PrimaryColumn('text')
  name: 'position';

  @Column('bigint', { default: 0 })
  last: string;
}
