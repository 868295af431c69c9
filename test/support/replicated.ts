import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { startEmbeddedReplica, startReplicatedPostgres } from '../../src/database/embedded-replica';
import { migrate } from '../../src/database/migrate';
import { SlowProxy } from './slow-proxy';
import { execute } from './sql';

const DATABASE = 'cartwright';

/** A migrated database with a streaming replica, which a test holds up, silences, stops and starts again. */
export interface ReplicatedDatabase {
  readonly url: string;
  /** Leads to the replica as long as it is there. */
  readonly proxy: SlowProxy;
  pauseReplay(): Promise<void>;
  resumeReplay(): Promise<void>;
  stopReplica(): Promise<void>;
  startReplica(): Promise<void>;
  close(): Promise<void>;
}

export async function startReplicatedDatabase(): Promise<ReplicatedDatabase> {
  const folder = path.join(os.tmpdir(), `cartwright-replicated-${randomUUID()}`);
  const [options, replicaDir] = [
    { dataDir: path.join(folder, 'primary'), isThrowaway: true },
    path.join(folder, 'replica'),
  ];
  const { primary, replica: first } = await startReplicatedPostgres(options, replicaDir);
  await execute(primary.url, `CREATE DATABASE ${DATABASE}`);
  await migrate(primary.databaseUrl(DATABASE));
  let replica = first;
  const proxy = await SlowProxy.before(first.databaseUrl(DATABASE));
  return {
    url: primary.databaseUrl(DATABASE),
    proxy,
    pauseReplay: () => execute(replica.url, 'SELECT pg_wal_replay_pause()'),
    resumeReplay: () => execute(replica.url, 'SELECT pg_wal_replay_resume()'),
    stopReplica: () => replica.stop(),
    startReplica: async () => {
      replica = await startEmbeddedReplica(primary.url, { ...options, dataDir: replicaDir });
      proxy.leadTo(replica.url);
    },
    close: async () => {
      proxy.close();
      await replica.stop();
      await primary.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
