import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The answer that was given under a key, so that the same request again gets the same answer. Kept for 24 hours. */
@Entity('idempotency_records')
@Index('ix_idempotency_records_created_at', ['createdAt'])
@Index('ix_idempotency_records_subject', ['subject'], { where: 'subject IS NOT NULL' })
export class IdempotencyRecord {
  /** The user's id, or who else is asking. */
  @PrimaryColumn('text')
  owner: string;

  @PrimaryColumn('text')
  key: string;

  /** SHA-256 of method, path with query, body, and the content of an uploaded file; of what is secret a mark made with the server's secret. */
  @Column('bytea')
  requestHash: Buffer;

  /** The answer: a resource, or the parts of a refusal; sealed where it is secret. */
  @Column('json')
  answer: unknown;

  /** The id of the user whom the answer is about, where that is not the owner: it goes with their account. */
  @Column('text', { nullable: true })
  subject: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;
}
