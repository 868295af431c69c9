import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Env } from '../config/env';
import { StartupError } from '../config/startup-error';
import { backUp } from '../database/backup/back-up';
import { checksumOfInvariants } from '../database/backup/manifest';
import { listMigrations, migrate } from '../database/migrate';
import { startStep } from './progress';
import { type CommandContext, runCommand } from './run-command';

const USAGE = 'Say at most where to: npm run backup -- [FILE or FOLDER]';

runCommand(async ({ env, databaseUrl, args, print }: CommandContext) => {
  const file = await targetOf(args, env);
  if (env.NODE_ENV !== 'production') await makeFirstTables(databaseUrl);
  const { manifest, size } = await backUp(databaseUrl, file, startStep(print));
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  print(`Saved ${rows} rows of ${manifest.tables.length} tables to ${file} (${size} bytes).`);
  print(`Checksum of what the invariants read: ${checksumOfInvariants(manifest.tables)}`);
  for (const [name, count] of Object.entries(manifest.invariants))
    if (count > 0) print(`Saved as it is, but ${count} rows break ${name}. See: npm run check:invariants`);
});

/** @throws StartupError when there is such a file already */
async function targetOf(args: readonly string[], { DATA_DIR }: Env): Promise<string> {
  const [given = path.join(DATA_DIR, 'backups', path.sep), ...more] = args;
  if (more.length > 0 || given.startsWith('--')) throw new StartupError(USAGE);
  const target = path.resolve(given);
  const found = await stat(target).catch(() => null);
  if (found?.isDirectory() || given.endsWith(path.sep)) return path.join(target, nameOfNow());
  if (found) throw new StartupError(`There is ${target} already: name another file.`);
  return target;
}

/** No colon, which other systems do not want in a name. */
function nameOfNow(): string {
  return `cartwright-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}Z.zip`;
}

/** Of a fresh copy of the project, so that there is something to save. Tables that are there stay as they are. */
async function makeFirstTables(url: string): Promise<void> {
  const migrations = await listMigrations(url);
  if (!migrations.some(({ isApplied }) => isApplied)) await migrate(url);
}
