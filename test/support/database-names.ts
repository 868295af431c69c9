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

/** A name for a copy of the template. */
export function cloneName(template: string): string {
  return template.replace(/template$/, randomBytes(6).toString('hex'));
}

/** Drops the databases of runs on this machine that are over. */
export async function dropStaleDatabases(admin: string): Promise<void> {
  await dropDatabases(admin, (pid) => !isAlive(pid));
}

/** Drops the databases of this run. */
export async function dropOwnDatabases(admin: string): Promise<void> {
  await dropDatabases(admin, (pid) => pid === process.pid);
}

async function dropDatabases(admin: string, isUnwanted: (pid: number) => boolean): Promise<void> {
  const names = await queryColumn(
    admin,
    `SELECT datname FROM pg_database WHERE starts_with(datname, '${prefix}')`,
  );
  const unwanted = names.filter((name) => isUnwanted(Number.parseInt(name.slice(prefix.length), 10)));
  for (const name of unwanted) await execute(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
