import { createHash, randomBytes } from 'node:crypto';
import os from 'node:os';
import { execute, queryColumn } from './sql';

/*
 * Every database of the tests is named for the machine and the process of its run, so that runs share a server
 * without meeting, and what a killed run left behind can be told from what a living one needs.
 */
const machine = createHash('sha256').update(os.hostname()).digest('hex').slice(0, 8);
const prefix = `cartwright_t_${machine}_`;

export function templateName(): string {
  return `${prefix}${process.pid}_template`;
}

/** The name of the role that the applications of this run connect by. */
export function apiRoleName(template: string): string {
  return template.replace(/template$/, 'api');
}

/** A name for a copy of the template. */
export function cloneName(template: string): string {
  return template.replace(/template$/, randomBytes(6).toString('hex'));
}

/** Drops the databases and roles of runs on this machine that are over. */
export async function dropStaleDatabases(admin: string): Promise<void> {
  await drop(admin, (pid) => !isAlive(pid));
}

/** Drops the databases and roles of this run. */
export async function dropOwnDatabases(admin: string): Promise<void> {
  await drop(admin, (pid) => pid === process.pid);
}

async function drop(admin: string, isUnwanted: (pid: number) => boolean): Promise<void> {
  const ours = async (column: string, table: string): Promise<string[]> => {
    const names = await queryColumn(
      admin,
      `SELECT ${column} FROM ${table} WHERE starts_with(${column}, '${prefix}')`,
    );
    return names.filter((name) => isUnwanted(Number.parseInt(name.slice(prefix.length), 10)));
  };
  for (const name of await ours('datname', 'pg_database'))
    await execute(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  // A role cannot go before what it has privileges for.
  for (const name of await ours('rolname', 'pg_roles')) await execute(admin, `DROP ROLE IF EXISTS ${name}`);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
