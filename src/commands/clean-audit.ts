import { oldAuditEntries } from '../common/audit/audit-retention';
import { removeRows } from '../common/jobs/cleaning';
import { StartupError } from '../config/startup-error';
import { withDataSource } from '../database/data-source';
import { type CommandContext, runCommand } from './run-command';

/** For the owner of the tables: the role of the API may remove no entry, be it old. */
runCommand(async ({ env, databaseUrl, print }: CommandContext) => {
  const old = oldAuditEntries(env.AUDIT_RETENTION_DAYS);
  if (!old) throw new StartupError('Entries are kept for ever: set AUDIT_RETENTION_DAYS to remove old ones.');
  const count = await withDataSource(databaseUrl, (dataSource) => removeRows(old, dataSource));
  print(`Removed ${count} entries of the audit log that were older than ${env.AUDIT_RETENTION_DAYS} days.`);
});
