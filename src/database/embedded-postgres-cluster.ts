import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { StartupError } from '../config/startup-error';
import { chooseRunAs, commandAs, ownerFor, type RunAs } from './embedded-postgres-user';

interface ClusterFiles {
  readonly data: string;
  readonly password: string;
  readonly log: string;
  /** The FIFO that every process which uses the server holds open. */
  readonly users: string;
}

/** An embedded server at rest: its files, its password, and who may run it. */
export interface Cluster {
  readonly files: ClusterFiles;
  readonly password: string;
  readonly runAs: RunAs;
}

export interface ClusterOptions {
  readonly dataDir: string;
  readonly isThrowaway?: boolean;
  readonly onProgress?: (message: string) => void;
}

/** The files of one major version cannot be read by another, so the version is in the folder's name. */
const HOME = 'pg18';

export function programPath(name: 'initdb' | 'pg_ctl' | 'postgres'): string {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return path.join(nativeFolder(), 'bin', name + suffix);
}

/** Opens the cluster in `dataDir`, or creates it there: completely or not at all. */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const dataDir = path.resolve(options.dataDir);
  const home = path.join(dataDir, HOME);
  makeFolder(dataDir);
  restoreSymlinks(nativeFolder());
  if (!fs.existsSync(home)) await createCluster(dataDir, options);
  const files = filesIn(home);
  assertComplete(home, files);
  const owner = fs.statSync(files.data);
  assertOwnFiles(home, owner.uid);
  const password = fs.readFileSync(files.password, 'utf8');
  return { files, password, runAs: chooseRunAs(programPath('postgres'), home, owner) };
}

/**
 * Copies the files of a server at rest, for another server of its own on the same data. Like a new cluster they appear
 * completely or not at all.
 */
export function copyCluster(fromDir: string, toDir: string): void {
  const from = filesIn(path.join(path.resolve(fromDir), HOME));
  makeFolder(toDir);
  const draft = path.join(toDir, `${HOME}.${process.pid}.${randomBytes(4).toString('hex')}.new`);
  fs.mkdirSync(draft, { mode: 0o755 });
  const { data, password, log, users } = filesIn(draft);
  fs.cpSync(from.data, data, { recursive: true });
  fs.chmodSync(data, 0o700);
  fs.copyFileSync(from.password, password);
  fs.writeFileSync(log, '', { mode: 0o600 });
  makeFifo(users);
  fs.renameSync(draft, path.join(toDir, HOME));
}

function filesIn(home: string): ClusterFiles {
  const file = (name: string): string => path.join(home, name);
  return { data: file('data'), password: file('password'), log: file('postgres.log'), users: file('users') };
}

/** Root may take over the files of another user: PostgreSQL wants them to be its own. */
export function adoptFiles({ files, runAs }: Cluster): void {
  const owner = ownerFor(runAs);
  if (!owner || fs.statSync(files.data).uid === owner.uid) return;
  for (const file of Object.values(files)) fs.chownSync(file, owner.uid, owner.gid);
  const names = fs.readdirSync(files.data, { recursive: true, encoding: 'utf8' });
  for (const name of names) fs.lchownSync(path.join(files.data, name), owner.uid, owner.gid);
}

function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return path.resolve(path.dirname(require.resolve(packageName)), '..', 'native');
  } catch {
    throw new StartupError(
      `There is no embedded PostgreSQL for this machine (the package ${packageName} is not installed): ` +
        'set DATABASE_URL to a PostgreSQL server.',
    );
  }
}

/** The package keeps its library links in a list and makes them in an install script, which npm may not run. */
function restoreSymlinks(native: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  const links = JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) restoreSymlink(path.dirname(native), source, target);
}

function restoreSymlink(root: string, source: string, target: string): void {
  const link = path.join(root, target);
  if (fs.existsSync(link)) return;
  try {
    fs.symlinkSync(path.relative(path.dirname(link), path.join(root, source)), link);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    throw new StartupError(`Cannot complete the embedded PostgreSQL in ${root}: run npm ci as its owner.`);
  }
}

function makeFolder(folder: string): void {
  try {
    fs.mkdirSync(folder, { recursive: true });
    fs.accessSync(folder, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
  } catch (error) {
    throw new StartupError(
      `Cannot write to the data folder ${folder} (${errorCode(error)}): ` +
        'start as the user who owns it, delete it, or set DATA_DIR to another folder.',
    );
  }
}

/** A cluster appears under its name only when it is complete, so that a killed start leaves no half of one. */
async function createCluster(
  dataDir: string,
  { isThrowaway = false, onProgress }: ClusterOptions,
): Promise<void> {
  onProgress?.(`Creating the database files in ${dataDir} ...`);
  removeRemains(dataDir);
  const draft = path.join(dataDir, `${HOME}.${process.pid}.${randomBytes(4).toString('hex')}.new`);
  try {
    fs.mkdirSync(draft);
    fs.chmodSync(draft, 0o755);
    await initialise(draft, isThrowaway);
    fs.renameSync(draft, path.join(dataDir, HOME));
  } catch (error) {
    if (!isTaken(error)) throw new StartupError(initialiseFailed(error));
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

async function initialise(draft: string, isThrowaway: boolean): Promise<void> {
  const runAs = chooseRunAs(programPath('postgres'), draft, null);
  const { data, password, log, users } = filesIn(draft);
  fs.mkdirSync(data, { mode: 0o700 });
  fs.writeFileSync(password, randomBytes(24).toString('hex'), { mode: 0o600 });
  fs.writeFileSync(log, '', { mode: 0o600 });
  makeFifo(users);
  const owner = ownerFor(runAs);
  if (owner) for (const file of Object.values(filesIn(draft))) fs.chownSync(file, owner.uid, owner.gid);
  const args = ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${password}`, '-E', 'UTF8'];
  // PostgreSQL's own C.UTF-8: lower() knows all of Unicode, and the order is the same on every machine.
  args.push('--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions');
  if (isThrowaway) args.push('--no-sync');
  await promisify(execFile)(...commandAs(runAs, programPath('initdb'), args));
}

function makeFifo(file: string): void {
  if (process.platform === 'win32') return fs.writeFileSync(file, '');
  if (spawnSync('mkfifo', ['-m', '600', file]).status === 0) return;
  throw new StartupError(`Cannot create a FIFO at ${file}: set DATA_DIR to a folder on a local disk.`);
}

/** Another process has created the cluster in the meantime. */
function isTaken(error: unknown): boolean {
  return ['ENOTEMPTY', 'EEXIST'].includes(errorCode(error));
}

function initialiseFailed(error: unknown): string {
  if (error instanceof StartupError) return error.message;
  const stderr = fieldOf(error, 'stderr') ?? '';
  const reason =
    /(?:FATAL|error):\s+(.+)/.exec(stderr)?.[1] ?? (stderr.trim().split('\n').at(-1) || errorCode(error));
  return `Cannot create the embedded database (${reason}): mend this, or set DATABASE_URL to a PostgreSQL server.`;
}

/** What processes left behind that were killed while they created a cluster. */
function removeRemains(dataDir: string): void {
  for (const name of fs.readdirSync(dataDir)) {
    const pid = /^pg\d+\.(\d+)\.\w+\.new$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) fs.rmSync(path.join(dataDir, name), { recursive: true, force: true });
  }
}

function assertComplete(home: string, files: ClusterFiles): void {
  const missing = Object.values(files).find((file) => !fs.existsSync(file));
  if (!missing) return;
  throw new StartupError(
    `The embedded database in ${home} lacks its ${path.basename(missing)}: ` +
      'put it back, delete the folder to start afresh, or set DATA_DIR to another one.',
  );
}

function assertOwnFiles(home: string, owner: number): void {
  const uid = process.getuid?.();
  if (uid === undefined || uid === 0 || owner === uid) return;
  throw new StartupError(
    `The database files in ${home} belong to another user (uid ${owner}): ` +
      'start as that user, delete the folder, or set DATA_DIR to another one.',
  );
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** The system's code of an error, such as ENOENT. Not by class: Jest gives tests an Error class of their own. */
export function errorCode(error: unknown): string {
  return fieldOf(error, 'code') ?? fieldOf(error, 'message') ?? String(error);
}

function fieldOf(error: unknown, name: string): string | null {
  const value: unknown = typeof error === 'object' && error ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : null;
}
