import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** One refresh token of a session's family, kept as its SHA-256. A session has at most one that is not used. */
@Entity('refresh_tokens')
@Unique('uq_refresh_tokens_token_hash', ['tokenHash'])
@Index('uq_refresh_tokens_live', ['sessionId'], { unique: true, where: 'used_at IS NULL' })
@Index('ix_refresh_tokens_session_id', ['sessionId'])
export class RefreshToken {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Session', { onDelete: 'CASCADE' })
  @Column('uuid')
  sessionId: string;

  @Column('bytea')
  tokenHash: Buffer;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz')
  expiresAt: Date;

  /** When it was exchanged for the next one. */
  @Column('timestamptz', { nullable: true })
  usedAt: Date | null;
}
