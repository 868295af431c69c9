import 'reflect-metadata';
import { StartupError } from '../config/startup-error';
import { dataSourceOptions } from '../database/data-source-options';
import { lintMigration, type LintedMigration } from '../database/lint-migrations';
import { failStart, print } from './terminal';

/** Those before it were written before the rules, and before there was a release that had to survive them. */
const FIRST_LINTED = 1_795_771_000_000;

type MigrationClass = new () => LintedMigration;

/** Checks that a release survives the migrations of the next one. Needs no database. */
async function main(): Promise<void> {
  const { migrations } = dataSourceOptions({ url: '', poolSize: 1, use: 'command' });
  const all = (migrations as MigrationClass[]).map((Migration) => new Migration());
  const linted = all.filter(({ name }) => Number(/\d{13}$/.exec(name ?? '')?.[0]) >= FIRST_LINTED);
  const complaints = await Promise.all(linted.map(complaintsOf));
  if (complaints.some((text) => text !== '')) {
    print(complaints.filter((text) => text !== '').join('\n'));
    throw new StartupError('The release that runs would not survive these migrations: see docs/upgrade.md.');
  }
  print(`${linted.length} migration(s) checked, ${all.length - linted.length} older than the rules.`);
}

async function complaintsOf(migration: LintedMigration): Promise<string> {
  const complaints = await lintMigration(migration);
  return complaints.map((complaint) => `${migration.name} ${complaint}`).join('\n');
}

void main().catch(failStart);
