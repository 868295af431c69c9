import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Role } from '../../../common/auth/authenticated-user';
import { DEFAULT_LOCALE } from '../../../common/locale/locale';

/**
 * An account. When the person is erased the row stays, without any of their data, so that orders and
 * redemptions keep their owner's id.
 */
@Entity('users')
@Unique('uq_users_email_key', ['emailKey'])
@Unique('uq_users_username_key', ['usernameKey'])
@Index('ix_users_created_at', ['createdAt', 'id'], { where: 'deleted_at IS NULL' })
@Index('ix_users_staff', ['id'], { where: `roles && ARRAY['EDITOR', 'ADMIN']::text[]` })
@Check('ck_users_roles', `cardinality(roles) > 0 AND roles <@ ARRAY['CUSTOMER', 'EDITOR', 'ADMIN']::text[]`)
@Check('ck_users_locale', `locale ~ '^[a-z]{2,8}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$'`)
@Check(
  'ck_users_erased',
  `(deleted_at IS NULL) = (email IS NOT NULL) AND (email IS NULL) = (email_key IS NULL)`,
)
export class User {
  @PrimaryColumn('uuid')
  id: string;

  /** As given, trimmed. Null once erased. */
  @Column('text', { nullable: true })
  email: string | null;

  /** The e-mail under NFKC and lower case: what is compared. */
  @Column({ type: 'text', collation: 'C', nullable: true })
  emailKey: string | null;

  @Column('text', { nullable: true })
  username: string | null;

  /** The username in lower case: what is compared. */
  @Column('text', { nullable: true })
  usernameKey: string | null;

  /** bcrypt. Null once erased. */
  @Column('text', { nullable: true })
  passwordHash: string | null;

  @Column('text', { nullable: true })
  firstName: string | null;

  @Column('text', { nullable: true })
  lastName: string | null;

  @Column('text', { nullable: true })
  phone: string | null;

  /** How they read amounts and dates: BCP 47, from what their device last asked for. */
  @Column('text', { default: DEFAULT_LOCALE })
  locale: string;

  @Column('text', { array: true })
  roles: Role[];

  @Column('boolean', { default: true })
  isActive: boolean;

  @Column('boolean', { default: false })
  emailVerified: boolean;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updatedAt: Date;

  @Column('timestamptz', { nullable: true })
  deletedAt: Date | null;
}
