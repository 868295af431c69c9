import fs from 'node:fs';
import path from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres';
import { type ClusterOptions, copyCluster, openCluster } from './embedded-postgres-cluster';

/** An embedded server and a streaming replica of it. */
export interface ReplicatedPostgres {
  readonly primary: EmbeddedPostgres;
  readonly replica: EmbeddedPostgres;
}

/**
 * Starts the server on the files in `dataDir` and a streaming replica of it on those in `replicaDir`, which are copied
 * from the others where they are missing.
 *
 * @throws StartupError when they cannot run here
 */
export async function startReplicatedPostgres(
  options: ClusterOptions,
  replicaDir: string,
): Promise<ReplicatedPostgres> {
  if (!fs.existsSync(replicaDir)) await copyAtRest(options, replicaDir);
  const primary = await startEmbeddedPostgres(options);
  return { primary, replica: await startEmbeddedReplica(primary.url, { ...options, dataDir: replicaDir }) };
}

/** Starts the replica on its files, to follow the server with this address. */
export async function startEmbeddedReplica(
  primaryUrl: string,
  options: ClusterOptions,
): Promise<EmbeddedPostgres> {
  const { data } = (await openCluster(options)).files;
  const { hostname, port, username, password } = new URL(primaryUrl);
  const primary = `host=${hostname} port=${port} user=${username} password=${password}`;
  fs.writeFileSync(path.join(data, 'postgresql.auto.conf'), `primary_conninfo = '${primary}'\n`);
  fs.writeFileSync(path.join(data, 'standby.signal'), '');
  return startEmbeddedPostgres(options);
}

/** The embedded programs have no pg_basebackup, which copies the files of a running server. */
async function copyAtRest(options: ClusterOptions, replicaDir: string): Promise<void> {
  await (await startEmbeddedPostgres(options)).stop();
  copyCluster(options.dataDir, replicaDir);
}
