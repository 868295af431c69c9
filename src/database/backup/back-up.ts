import type { Client } from 'pg';
import { StartupError } from '../../config/startup-error';
import { checkInvariantsWithin } from '../check-invariants';
import { migrationNames } from '../data-source-options';
import { withoutMigrations } from '../migrate';
import { type AddTable, writeBackupFile } from './backup-file';
import { type Manifest, manifestOf, type SavedTable } from './manifest';
import {
  appliedMigrations,
  copyOut,
  jobTablesRevision,
  listSequences,
  listTables,
  settle,
} from './shop-tables';
import { Tally } from './tally';
import { withTransaction } from './with-transaction';

/** Tells how far a step has come. */
export interface Step {
  update(done: number): void;
  stop(): void;
}

export type StartStep = (label: string, total: number) => Step;

/** All rows as one snapshot sees them: the shop goes on selling. */
const SNAPSHOT = 'START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY';

/**
 * Saves all rows of the shop, and of its jobs, as they are at one instant. Migrations wait until it is done.
 * @throws StartupError where there are no tables yet
 */
export async function backUp(
  url: string,
  file: string,
  startStep: StartStep,
): Promise<{ manifest: Manifest; size: number }> {
  return withoutMigrations(url, () =>
    withTransaction(url, SNAPSHOT, async (client) => {
      const manifests: Manifest[] = [];
      const size = await writeBackupFile(file, async (add, signal) => {
        const manifest = await save(client, { add, signal, startStep });
        manifests.push(manifest);
        return manifest;
      });
      const [manifest] = manifests;
      if (!manifest) throw new Error('Nothing was saved');
      return { manifest, size };
    }),
  );
}

interface Saving {
  add: AddTable;
  signal: AbortSignal;
  startStep: StartStep;
}

async function save(client: Client, saving: Saving): Promise<Manifest> {
  const madeAt = new Date().toISOString();
  await settle(client);
  const migrations = await appliedMigrations(client);
  if (migrations.length === 0)
    throw new StartupError('The database has no tables yet: there is nothing to save.');
  const invariants = await checkWithin(client, migrations);
  const tables = await saveTables(client, saving);
  return manifestOf({
    madeAt,
    postgres: await serverVersion(client),
    migrations,
    jobTables: await jobTablesRevision(client),
    tables,
    sequences: await listSequences(client),
    invariants,
  });
}

async function saveTables(client: Client, { add, signal, startStep }: Saving): Promise<SavedTable[]> {
  const tables = await listTables(client);
  const total = tables.reduce((sum, { estimate }) => sum + estimate, 1);
  const step = startStep('Saving', total);
  let done = 0;
  const saved: SavedTable[] = [];
  for (const table of tables) {
    // There may be more than PostgreSQL thinks.
    const tally = new Tally((rows) => step.update(Math.min((done += rows), total - 1)));
    add(table.name, tally);
    saved.push(await copyOut(client, table, tally, signal));
  }
  step.stop();
  return saved;
}

/** How many rows break each invariant; none of them when the tables are not yet those that they read. */
export async function checkWithin(
  client: Client,
  migrations: readonly string[],
): Promise<Manifest['invariants']> {
  const applied = new Set(migrations);
  if (!migrationNames().every((name) => applied.has(name))) return {};
  const counts: Manifest['invariants'] = {};
  const connection = { query: async (sql: string): Promise<unknown> => (await client.query(sql)).rows };
  await checkInvariantsWithin(connection, ({ number, sentence, count }) => {
    counts[`${number}: ${sentence}`] = count;
  });
  return counts;
}

async function serverVersion(client: Client): Promise<string> {
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  return rows[0]?.server_version ?? '';
}
