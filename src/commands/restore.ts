import path from 'node:path';
import { StartupError } from '../config/startup-error';
import { BackupFile } from '../database/backup/backup-file';
import { assertKnown, restore, type RestoreReport } from '../database/backup/restore';
import { startStep } from './progress';
import { grantPrivileges } from '../database/migrate';
import { runCommand } from './run-command';
import { failStart, print } from './terminal';

const USAGE = 'Say which backup: npm run restore -- FILE, or npm run restore -- --check FILE';

/** The whole file is read before anything is touched, be it only to start the embedded server. */
async function main(args: readonly string[]): Promise<void> {
  const isCheck = args[0] === '--check';
  const [given, ...more] = isCheck ? args.slice(1) : args;
  if (given === undefined || given.startsWith('--') || more.length > 0) throw new StartupError(USAGE);
  const file = path.resolve(given);
  await BackupFile.with(file, check);
  if (isCheck) return;
  runCommand(async ({ env, databaseUrl }) => {
    report(await BackupFile.with(file, (backup) => restore(backup, databaseUrl, startStep(print))));
    if (env.DATABASE_API_ROLE === undefined) return;
    await grantPrivileges(databaseUrl, env.DATABASE_API_ROLE);
    print(`Granted ${env.DATABASE_API_ROLE} what the API needs.`);
  });
}

async function check(backup: BackupFile): Promise<void> {
  const { madeAt, postgres, migrations, tables } = backup.manifest;
  const step = startStep(print)('Checking', backup.rows);
  let done = 0;
  await backup.verify((rows) => step.update((done += rows))).finally(() => step.stop());
  print(`The backup is whole: ${backup.rows} rows of ${tables.length} tables, of PostgreSQL ${postgres},`);
  print(`made at ${madeAt} after the migration ${migrations.at(-1)}.`);
  print(`Checksum of what the invariants read: ${backup.checksum}`);
  assertKnown(backup.manifest);
}

function report({ skipped, newer, invariants }: RestoreReport): void {
  print('Restored: every row is as it was saved.');
  for (const table of skipped) print(`Left out ${table}, which is not a table of the shop.`);
  if (newer.length > 0) print(`Applied ${newer.join(', ')}.`);
  const broken = Object.entries(invariants).filter(([, count]) => count > 0);
  for (const [name, count] of broken) print(`${count} rows break ${name}.`);
  if (broken.length === 0) print('All invariants hold.');
}

void main(process.argv.slice(2)).catch(failStart);
