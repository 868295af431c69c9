import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { StartupError } from '../config/startup-error';
import {
  adoptFiles,
  errorCode,
  isAlive,
  programPath,
  type Cluster,
  type ClusterOptions,
} from './embedded-postgres-cluster';
import { commandAs } from './embedded-postgres-user';

/** What a running server writes into postmaster.pid. */
interface ServerRecord {
  readonly pid: number;
  readonly port: number;
  readonly status: string;
}

const READY_TIMEOUT_MS = 120_000;
const SLOW_START_MS = 3_000;
const STOP_TIMEOUT_MS = 30_000;
/** A server that has not begun to stop within this time is in use by another process. */
const LAST_USER_MS = 500;
const LAUNCH_ATTEMPTS = 10;
/** Reasons that pass by themselves: another process starts or stops the server, or took the port. */
const PASSING = /lock file|shared memory|could not create any TCP\/IP sockets/;

export function serverUrl({ password }: Cluster, port: number, database = 'postgres'): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

/** The port of the server that another process runs on these files, once it is ready; null when none does. */
export async function findRunningServer(cluster: Cluster): Promise<number | null> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const server = readServerRecord(cluster);
    if (!server) return null;
    if (!isRunning(server.pid)) {
      if (isAlive(server.pid)) disclaimRecord(cluster);
      return null;
    }
    if (server.status === 'ready' && (await canConnect(cluster, server.port))) return server.port;
    if (Date.now() > deadline) throw new StartupError(unresponsive(cluster, server.pid));
    await sleep(50);
  }
}

/** Starts the server and waits until it answers. It outlives Ctrl-C in the terminal, so that the app can drain. */
export async function launchServer(cluster: Cluster, options: ClusterOptions): Promise<number> {
  adoptFiles(cluster);
  for (let attempt = 1; ; attempt += 1) {
    const port = await findFreePort();
    if (await launchOnPort(cluster, port, options)) return port;
    const reason = lastComplaint(cluster);
    if (attempt === LAUNCH_ATTEMPTS || !PASSING.test(reason))
      throw new StartupError(launchFailed(cluster, reason));
    await sleep(200);
    const running = await findRunningServer(cluster);
    if (running) return running;
  }
}

/** Returns when the server is gone, or when it is clear that another process still uses it. */
export async function waitUntilStopped(cluster: Cluster): Promise<void> {
  const start = Date.now();
  for (;;) {
    const server = readServerRecord(cluster);
    if (!server || !isRunning(server.pid)) return;
    const waited = Date.now() - start;
    if (waited > STOP_TIMEOUT_MS || (waited > LAST_USER_MS && server.status !== 'stopping')) return;
    await sleep(10);
  }
}

async function launchOnPort(cluster: Cluster, port: number, options: ClusterOptions): Promise<boolean> {
  const server = spawnServer(cluster, port, options.isThrowaway ?? false);
  let hasEnded = false;
  server.once('exit', () => (hasEnded = true));
  server.once('error', () => (hasEnded = true));
  const start = Date.now();
  const slow = setTimeout(() => options.onProgress?.('Waiting for PostgreSQL to recover ...'), SLOW_START_MS);
  try {
    while (!(await canConnect(cluster, port))) {
      if (hasEnded) return false;
      if (Date.now() - start > READY_TIMEOUT_MS)
        throw new StartupError(unresponsive(cluster, server.pid ?? 0));
      await sleep(20);
    }
    return true;
  } finally {
    clearTimeout(slow);
  }
}

function spawnServer(cluster: Cluster, port: number, isThrowaway: boolean): ChildProcess {
  const args = ['-D', cluster.files.data, '-p', String(port)];
  for (const setting of settings(isThrowaway)) args.push('-c', setting);
  const [program, all, options] = commandAs(cluster.runAs, programPath('postgres'), args);
  const log = fs.openSync(cluster.files.log, 'w', 0o600);
  try {
    const server = spawn(program, all, { ...options, stdio: ['ignore', log, log], detached: true });
    server.unref();
    return server;
  } finally {
    fs.closeSync(log);
  }
}

function settings(isThrowaway: boolean): string[] {
  const common = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'timezone=UTC',
    'log_timezone=UTC',
  ];
  // A refused statement is the caller's business; the log is for what concerns the server.
  const log = ['log_min_messages=log', 'log_checkpoints=off'];
  if (!isThrowaway) return [...common, ...log, 'max_connections=100'];
  const unsafe = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
  return [...common, ...log, ...unsafe, 'max_connections=200'];
}

async function canConnect(cluster: Cluster, port: number): Promise<boolean> {
  const client = new Client({ connectionString: serverUrl(cluster, port), connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (errorCode(error) !== '28P01') return false;
    throw new StartupError(
      `The embedded database in ${path.dirname(cluster.files.data)} does not accept its password: ` +
        'delete the folder to start afresh, or set DATA_DIR to another one.',
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

export function recordFile({ files }: Cluster): string {
  return path.join(files.data, 'postmaster.pid');
}

export function readServerRecord(cluster: Cluster): ServerRecord | null {
  try {
    const lines = fs.readFileSync(recordFile(cluster), 'utf8').split('\n');
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    return pid > 0 ? { pid, port, status: (lines[7] ?? '').trim() } : null;
  } catch {
    return null;
  }
}

/** Whether this is the process of a PostgreSQL server, and no zombie of one nor a program that got its number. */
function isRunning(pid: number): boolean {
  if (process.platform === 'win32' || !isAlive(pid)) return isAlive(pid);
  if (!fs.existsSync('/proc/self')) return programOf(pid).includes('postgres');
  try {
    const [program = ''] = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return path.basename(program).startsWith('postgres');
  } catch {
    return false;
  }
}

function programOf(pid: number): string {
  return spawnSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
}

/**
 * PostgreSQL does not start while the process lives that its record names, whatever that is by now; the number
 * of its parent it ignores. The rest of the record stays: by it PostgreSQL notices survivors of a killed server.
 */
function disclaimRecord(cluster: Cluster): void {
  const [, ...rest] = fs.readFileSync(recordFile(cluster), 'utf8').split('\n');
  fs.writeFileSync(recordFile(cluster), [process.pid, ...rest].join('\n'));
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function lastComplaint({ files }: Cluster): string {
  const lines = fs.readFileSync(files.log, 'utf8').trim().split('\n');
  const fatal = lines.findLast((line) => /FATAL|PANIC/.test(line));
  return (fatal ?? lines.at(-1) ?? '').replace(/^.*(FATAL|PANIC):\s*/, '');
}

function launchFailed({ files }: Cluster, reason: string): string {
  return `The embedded PostgreSQL did not start (${reason || 'it says nothing'}): see ${files.log}, or set DATABASE_URL to another server.`;
}

function unresponsive({ files }: Cluster, pid: number): string {
  return `The embedded PostgreSQL (process ${pid}) does not answer on ${files.data}: end that process and start again.`;
}
