import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The answer that was given under a key, so that the same request again gets the same answer. Kept for 24 hours. */
@Entity('idempotency_records')
@Index('ix_idempotency_records_created_at', ['createdAt'])
export class IdempotencyRecord {
  /** The user's id, or who else is asking. */
  @PrimaryColumn('text')
  owner: string;

  @PrimaryColumn('text')
  key: string;

  /** SHA-256 of method, path with query, body, and the content of an uploaded file. */
  @Column('bytea')
  requestHash: Buffer;

  /** The answer: a resource, or the parts of a refusal. */
  @Column('json')
  answer: unknown;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;
}
