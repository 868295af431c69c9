import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { StartupError } from '../config/startup-error';

/** How PostgreSQL's programs are started. PostgreSQL refuses to run as root. */
export interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
  /** A command that goes before the program. */
  readonly prefix: readonly string[];
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL gets no setting of ours by accident, and speaks English, so that its messages can be read here. */
export const PROGRAM_ENV = { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' };

/** 65534 is nobody; files that belong to the one who starts this look like nobody's own inside. */
const NAMESPACE = ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'];

/**
 * Finds a user that may run `program` and enter `folder`: oneself, unless one is root. Root takes the owner
 * of the files of an earlier start, then the users postgres and nobody, then a user namespace, which also
 * works in a directory that is closed to everyone but root.
 */
export function chooseRunAs(program: string, folder: string, owner: Account | null): RunAs {
  const uid = process.getuid?.();
  if (uid === undefined) return { prefix: [] };
  if (uid !== 0) return hasAccount() ? { prefix: [] } : namespace(program);
  const accounts = [owner, findAccount('postgres'), findAccount('nobody')];
  const chosen = accounts.find((account) => account && account.uid !== 0 && canRun(program, folder, account));
  return chosen ? { ...chosen, prefix: [] } : namespace(program);
}

/** The owner that the files of a server need which is run as `runAs`. */
export function ownerFor(runAs: RunAs): Account | null {
  if (runAs.uid !== undefined && runAs.gid !== undefined) return { uid: runAs.uid, gid: runAs.gid };
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  return uid === undefined || gid === undefined ? null : { uid, gid };
}

/** The program and arguments to spawn, with the options that make it run as the chosen user. */
export function commandAs(
  runAs: RunAs,
  program: string,
  args: readonly string[],
): [string, string[], object] {
  const [first = program, ...rest] = [...runAs.prefix, program, ...args];
  return [first, rest, { uid: runAs.uid, gid: runAs.gid, cwd: '/', env: PROGRAM_ENV }];
}

/** initdb asks for the name of the user it runs as; containers often run under a number that has none. */
function hasAccount(): boolean {
  try {
    os.userInfo();
    return true;
  } catch {
    return false;
  }
}

function findAccount(name: string): Account | null {
  const line = readPasswd().find((fields) => fields[0] === name);
  return line ? { uid: Number(line[2]), gid: Number(line[3]) } : null;
}

function readPasswd(): string[][] {
  try {
    const lines = fs.readFileSync('/etc/passwd', 'utf8').split('\n');
    return lines.map((line) => line.split(':'));
  } catch {
    return [];
  }
}

function canRun(program: string, folder: string, { uid, gid }: Account): boolean {
  const options = { uid, gid, cwd: '/', env: PROGRAM_ENV };
  const runs = spawnSync(program, ['--version'], options).status === 0;
  return runs && spawnSync('/bin/sh', ['-c', 'cd "$0"', folder], options).status === 0;
}

function namespace(program: string): RunAs {
  const runAs: RunAs = { prefix: NAMESPACE };
  if (spawnSync(...commandAs(runAs, program, ['--version'])).status === 0) return runAs;
  throw new StartupError(
    'PostgreSQL refuses to run as root or as a user without a name, and no other user can read this directory: ' +
      'start as an ordinary user or set DATABASE_URL to a PostgreSQL server.',
  );
}
