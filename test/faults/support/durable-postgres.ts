import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/database/embedded-postgres';
import { openCluster, programPath } from '../../../src/database/embedded-postgres-cluster';
import { commandAs } from '../../../src/database/embedded-postgres-user';

/** A PostgreSQL of the fault tests' own that keeps what it confirmed, as one in production does. */
export interface DurablePostgres extends EmbeddedPostgres {
  readonly dataDir: string;
}

export async function startDurablePostgres(): Promise<DurablePostgres> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'cartwright-faults-'));
  // As root, the server runs as another user, who must be able to enter.
  chmodSync(dataDir, 0o755);
  const server = await startEmbeddedPostgres({ dataDir });
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { ...server, dataDir, stop };
}

/** Stops it as a crash would: it writes nothing more, and recovers at the next start. */
export async function stopAtOnce(dataDir: string): Promise<void> {
  await control(dataDir, ['stop', '-m', 'immediate', '-w']);
}

/** Starts it again, under the address and with the settings that it had. */
export async function startAgain(dataDir: string): Promise<void> {
  await control(dataDir, ['restart', '-w', '-l', '/dev/null']);
}

async function control(dataDir: string, args: readonly string[]): Promise<void> {
  const { files, runAs } = await openCluster({ dataDir });
  const [program, all, options] = commandAs(runAs, programPath('pg_ctl'), [...args, '-D', files.data, '-s']);
  await promisify(execFile)(program, all, options);
}
