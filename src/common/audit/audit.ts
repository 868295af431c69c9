import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { currentRequest } from '../http/current-request';
import { changedFacts, type Facts } from './audited-facts';

/** What staff do, by what they do it to; and that somebody took away all that is kept about them. */
export const AUDIT_ACTIONS = [
  'category.created',
  'category.updated',
  'category.deleted',
  'product.created',
  'product.updated',
  'product.deleted',
  'product.stock_adjusted',
  'product.images_changed',
  'coupon.created',
  'coupon.updated',
  'coupon.deleted',
  'order.status_changed',
  'order.payment_status_changed',
  'order.updated',
  'order.cancelled',
  'order.deleted',
  'user.created',
  'user.updated',
  'user.deleted',
  'user.exported',
  'webhook.created',
  'webhook.updated',
  'webhook.deleted',
  'webhook.secret_rotated',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

type TypeOf<Action> = Action extends `${infer Type}.${string}` ? Type : never;

export type ResourceType = TypeOf<AuditAction>;

export const RESOURCE_TYPES = [...new Set(AUDIT_ACTIONS.map(resourceTypeOf))];

/** A change by somebody of the staff. */
export interface AuditedChange {
  action: AuditAction;
  /** The id of what was changed. */
  id: string;
  /** What it was; null for something new. */
  before: Facts | null;
  /** What it is; null for something that is gone. */
  after: Facts | null;
  /** Personal or secret facts: that they changed is kept, their values are not. */
  hidden?: readonly string[];
}

/** {@link recordChanges} of one. */
export function recordChange(change: AuditedChange, tx: EntityManager): Promise<void> {
  return recordChanges([change], tx);
}

/**
 * Writes into the audit log, in one statement, what staff changed: in the transaction that changes it, so that there is
 * neither without the other. Who and by which request, the current request says; a command has neither. What is not
 * changed at all leaves no entry.
 */
export async function recordChanges(changes: readonly AuditedChange[], tx: EntityManager): Promise<void> {
  const rows = changes.flatMap(toRow);
  if (rows.length === 0) return;
  const request = currentRequest.getStore();
  await tx.query(
    `INSERT INTO audit_entries (id, action, resource_type, resource_id, before, after, user_id, request_id)
     SELECT id, action, resource_type, resource_id, before, after, $2, $3
       FROM json_to_recordset($1) AS e (id uuid, action text, resource_type text, resource_id uuid, before jsonb, after jsonb)`,
    [JSON.stringify(rows), request?.user?.id ?? null, request?.id ?? null],
  );
}

function toRow({ action, id, before, after, hidden }: AuditedChange): object[] {
  const facts = changedFacts(before, after, hidden);
  if (!facts) return [];
  return [{ id: uuidv7(), action, resource_type: resourceTypeOf(action), resource_id: id, ...facts }];
}

function resourceTypeOf(action: AuditAction): ResourceType {
  return action.slice(0, action.indexOf('.')) as ResourceType;
}
