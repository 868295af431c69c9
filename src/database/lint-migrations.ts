import { spawnSync } from 'node:child_process';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { StartupError } from '../config/startup-error';
import { SQUAWK_RULES_LEFT_OUT, STATEMENT_RULES } from './migration-rules';

/** A migration as the linter sees it: it may break a rule that it names, with the reason why that does no harm. */
export interface LintedMigration extends MigrationInterface {
  readonly exceptions?: Readonly<Record<string, string>>;
}

interface Finding {
  rule: string;
  message: string;
  statement: string;
}

/** The oldest PostgreSQL that the shop runs on. */
const POSTGRES_VERSION = '15';
const MIN_REASON_LENGTH = 20;

/**
 * Says where `up` would take a lock that blocks the shop, or take away what the release before still reads. `down` is
 * not looked at: it runs in an emergency, and by hand.
 */
export async function lintMigration(migration: LintedMigration): Promise<string[]> {
  const statements = await recordStatements(migration);
  const findings = [...ownFindings(statements, migration), ...squawkFindings(statements, migration)];
  const exceptions = migration.exceptions ?? {};
  return [
    ...findings.filter(({ rule }) => exceptions[rule] === undefined).map(describe),
    ...Object.entries(exceptions).flatMap(([rule, reason]) => complaintAbout(rule, reason, findings)),
  ];
}

function describe({ rule, message, statement }: Finding): string {
  return `${rule}: ${message}\n    ${statement.replace(/\s+/g, ' ').trim().slice(0, 120)}`;
}

function complaintAbout(rule: string, reason: string, findings: readonly Finding[]): string[] {
  if (!findings.some((finding) => finding.rule === rule)) return [`${rule}: the exception is not needed.`];
  return reason.trim().length < MIN_REASON_LENGTH ? [`${rule}: the exception gives no reason.`] : [];
}

/** What `up` would execute, in a place where nothing is executed and every query finds no rows. */
async function recordStatements(migration: MigrationInterface): Promise<string[]> {
  const statements: string[] = [];
  const recorder = {
    query: (sql: string): Promise<unknown[]> => {
      statements.push(sql);
      return Promise.resolve([]);
    },
  };
  try {
    await migration.up(recorder as QueryRunner);
  } catch (error) {
    throw new StartupError(`${migration.name} does something else than query(): ${String(error)}`);
  }
  return statements;
}

function runsInTransaction(migration: MigrationInterface): boolean {
  return migration.transaction ?? true;
}

function ownFindings(statements: readonly string[], migration: MigrationInterface): Finding[] {
  const rules = STATEMENT_RULES.filter(
    (rule) => rule.alsoOutsideTransactions || runsInTransaction(migration),
  );
  return statements.flatMap((statement) =>
    rules
      .filter(({ pattern }) => pattern.test(bareSql(statement)))
      .map(({ name, message }) => ({ rule: name, message, statement })),
  );
}

/** Without comments, and without bodies of functions: those run later. */
function bareSql(sql: string): string {
  return sql.replace(/--.*$|\/\*[^]*?\*\//gm, ' ').replace(/\$(\w*)\$[^]*?\$\1\$/g, "''");
}

/** All statements together, so that a table which the migration makes is known not to be in use. */
function squawkFindings(statements: readonly string[], migration: MigrationInterface): Finding[] {
  const sql = statements.map((statement) => `${statement};\n`).join('');
  const lines = sql.split('\n');
  return runSquawk(sql, runsInTransaction(migration)).map((violation) => ({
    rule: violation.rule_name,
    message: violation.message,
    statement: lines[violation.line] ?? '',
  }));
}

interface Violation {
  rule_name: string;
  message: string;
  /** Counted from 0. */
  line: number;
}

function runSquawk(sql: string, isInTransaction: boolean): Violation[] {
  const args = [
    require.resolve('squawk-cli/js/bin/squawk'),
    '--reporter=json',
    '--stdin-filepath=migration.sql',
    `--pg-version=${POSTGRES_VERSION}`,
    `--exclude=${SQUAWK_RULES_LEFT_OUT.join(',')}`,
    ...(isInTransaction ? ['--assume-in-transaction'] : ['--no-assume-in-transaction']),
  ];
  const { stdout, stderr } = spawnSync(process.execPath, args, { input: sql, encoding: 'utf8' });
  if (!stdout.startsWith('[')) throw new StartupError(`squawk cannot read the SQL: ${stdout}${stderr}`);
  return JSON.parse(stdout) as Violation[];
}
