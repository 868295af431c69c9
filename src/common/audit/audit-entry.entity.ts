import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { AuditAction, ResourceType } from './audit';
import type { Facts } from './audited-facts';

/**
 * One change that somebody of the staff made, written in the transaction of the change; or that somebody took away all
 * that is kept about them. Rows are never changed and hold
 * no personal data but the ids of accounts. Those are no foreign keys: a key locks the account that it refers to, and
 * two admins who change each other would wait for one another.
 */
@Entity('audit_entries')
@Index('ix_audit_entries_created_at', ['createdAt', 'id'])
@Index('ix_audit_entries_user_id', ['userId', 'createdAt', 'id'])
@Index('ix_audit_entries_action', ['action', 'createdAt', 'id'])
@Index('ix_audit_entries_resource_type', ['resourceType', 'createdAt', 'id'])
@Index('ix_audit_entries_resource_id', ['resourceId', 'createdAt', 'id'])
@Check('ck_audit_entries_action', `action ~ '^[a-z]+[.][a-z_]+$' AND action LIKE resource_type || '.%'`)
@Check('ck_audit_entries_facts', 'before IS NOT NULL OR after IS NOT NULL')
export class AuditEntry {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  action: AuditAction;

  @Column('text')
  resourceType: ResourceType;

  @Column('uuid')
  resourceId: string;

  /** Null for a command on the machine. */
  @Column('uuid', { nullable: true })
  userId: string | null;

  @Column('text', { nullable: true })
  requestId: string | null;

  /** What differs, as it was; null for something new. */
  @Column('jsonb', { nullable: true })
  before: Facts | null;

  /** What differs, as it is since then; null for something that is gone. */
  @Column('jsonb', { nullable: true })
  after: Facts | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;
}
