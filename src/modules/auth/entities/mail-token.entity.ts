import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

export type MailTokenPurpose = 'reset_password' | 'verify_email';

/** A token that was mailed, kept as its SHA-256. It works once, until it expires. */
@Entity('mail_tokens')
@Unique('uq_mail_tokens_token_hash', ['tokenHash'])
@Index('ix_mail_tokens_user_id', ['userId', 'purpose'])
@Index('ix_mail_tokens_expires_at', ['expiresAt'])
@Check('ck_mail_tokens_purpose', `purpose IN ('reset_password', 'verify_email')`)
export class MailToken {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('User')
  @Column('uuid')
  userId: string;

  @Column('text')
  purpose: MailTokenPurpose;

  @Column('bytea')
  tokenHash: Buffer;

  /** SHA-256 of the e-mail that it was sent to: once that has changed, the token proves nothing. */
  @Column('bytea')
  emailHash: Buffer;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz')
  expiresAt: Date;

  @Column('timestamptz', { nullable: true })
  usedAt: Date | null;
}
