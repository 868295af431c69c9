import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { DataSource, type DataSourceOptions, type EntityManager } from 'typeorm';
import { endWhenSilent } from '../../database/silent-connections';
import { isEndedByReplica, isUnavailable } from './database-errors';

/** How long a request waits for the answer how far a replica is. */
const PATIENCE_MS = 300;

const CONNECT_MS = 1_000;

/** A lost replica is asked again after so long. */
const LEFT_OUT_MS = 1_000;

/** A silent one is given up soon: the primary may be silent as well, and has its own time then. */
const SILENCE = { quietMs: PATIENCE_MS, answerMs: PATIENCE_MS };

/** Statements that take longer are left to the primary, which has more patience. */
const STATEMENT_MS = 2_000;

/** The same files, and the same database among them. A copy of a database has another oid, another server another identifier. */
const IDENTITY = `SELECT concat_ws(' ', (pg_control_system()).system_identifier, oid) AS identity
  FROM pg_database WHERE datname = current_database()`;

/** Up to where the changes are there, in bytes of the log; null for a server that is no replica any more. */
const REPLAYED = `SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::text END AS position`;

type Report = (event: 'replica_joined' | 'replica_lost', error?: unknown) => void;

/**
 * A replica of the database with connections of its own. It knows how far it has replayed the primary's log, asks again
 * when somebody needs more, and is left out for a second when it does not answer.
 */
export class Replica {
  private source: DataSource | null = null;
  private replayed = -1n;
  private question: Promise<void> | null = null;
  private askedAt = 0;
  private nextTry = 0;
  private isReported = false;

  constructor(
    private readonly url: string,
    private readonly primary: DataSource,
    private readonly report: Report,
  ) {}

  /** What reads it, when it is known to have replayed the position. */
  readAt(position: bigint): EntityManager | null {
    return this.source && this.replayed >= position ? this.source.manager : null;
  }

  /**
   * Like {@link readAt}, but asks how far it is, and waits for the answer a little. Nobody waits for a lost one: it comes
   * back in the background.
   */
  async catchUpTo(position: bigint): Promise<EntityManager | null> {
    if (!this.question) {
      this.askedAt = Date.now();
      this.question = this.ask().finally(() => (this.question = null));
    }
    const patience = this.askedAt + PATIENCE_MS - Date.now();
    if (this.source && patience > 0)
      await Promise.race([this.question, sleep(patience, undefined, { ref: false })]);
    return this.readAt(position);
  }

  /** Whether the primary may well do what failed here with this error. Leaves the replica out when it is lost. */
  isToBlame(error: unknown): boolean {
    if (isEndedByReplica(error)) return true;
    if (!isUnavailable(error) && this.source) return false;
    this.leaveOut(error);
    return true;
  }

  async close(): Promise<void> {
    this.nextTry = Infinity;
    await this.question;
    await this.source?.destroy();
    this.source = null;
  }

  private async ask(): Promise<void> {
    if (Date.now() < this.nextTry) return;
    try {
      this.source ??= await this.connect();
      const [row] = await this.source.query<{ position: string | null }[]>(REPLAYED);
      this.replayed = BigInt(row?.position ?? -1);
    } catch (error) {
      this.leaveOut(error);
    }
  }

  /** @throws Error when it cannot be reached or replicates another database */
  private async connect(): Promise<DataSource> {
    await this.assertReplica();
    const source = await new DataSource(replicaOptions(this.primary.options, this.url)).initialize();
    this.isReported = false;
    this.report('replica_joined');
    return source;
  }

  /** By a client of its own, which can be closed while it hangs. */
  private async assertReplica(): Promise<void> {
    const client = new Client({
      connectionString: this.url,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: CONNECT_MS,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows: own } = await client.query<{ identity: string }>(IDENTITY);
      const wanted = await this.primary.query<{ identity: string }[]>(IDENTITY);
      if (own[0]?.identity !== wanted[0]?.identity)
        throw new Error('It is no replica of the database in use');
    } finally {
      void client.end().catch(() => undefined);
    }
  }

  /** Connections that hang are given up with it. */
  private leaveOut(error: unknown): void {
    if (!this.isReported) this.report('replica_lost', error);
    this.isReported = true;
    this.nextTry = Math.max(this.nextTry, Date.now() + LEFT_OUT_MS);
    this.replayed = -1n;
    void this.source?.destroy().catch(() => undefined);
    this.source = null;
  }
}

/** The primary's options; only its statements are given up earlier, by both ends. */
function replicaOptions(options: DataSourceOptions, url: string): DataSourceOptions {
  const extra = {
    ...(options.extra as object),
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: STATEMENT_MS + CONNECT_MS / 2,
    onConnect: (client: Client): void => endWhenSilent(client, SILENCE),
  };
  return { ...options, type: 'postgres', url, extra } as DataSourceOptions;
}
