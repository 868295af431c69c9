import type { CleaningRule } from '../jobs/cleaning';

/** The entries whose time has passed; null when they are kept for ever. */
export function oldAuditEntries(retentionDays: number): CleaningRule | null {
  if (retentionDays === 0) return null;
  return { table: 'audit_entries', condition: `created_at < now() - interval '${retentionDays} days'` };
}
