import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { brokenOn } from '../invariants';
import { ApiClient, type Json } from './api-client';

/** What each instance is told besides: limits that a whole suite from one address does not reach. */
const SETTINGS = {
  RATE_LIMIT_CATALOGUE: '1000000',
  RATE_LIMIT_CATALOGUE_USER: '1000000',
  RATE_LIMIT_ACCOUNT: '1000000',
  RATE_LIMIT_SIGN_IN: '1000000',
  RATE_LIMIT_REGISTER_PER_HOUR: '1000000',
  RATE_LIMIT_CART: '1000000',
  RATE_LIMIT_GUEST: '1000000',
  RATE_LIMIT_ORDERS: '1000000',
  RATE_LIMIT_STAFF: '1000000',
};

export interface Restart {
  port: number;
  exitCode: number;
  /** From the signal until it had ended, and until the new one was ready. */
  stopMs: number;
  ms: number;
}

interface Ready {
  folder: string;
  url: string;
  databaseUrl: string;
  replicaUrl: string;
  instanceUrls: string[];
}

/** Instances of the built shop behind nginx, as `npm run cluster` starts them. */
export class Cluster {
  private constructor(
    private readonly program: ReturnType<typeof spawn>,
    private readonly lines: AsyncIterator<string>,
    readonly ready: Ready,
  ) {}

  /** @param args as for `npm run cluster` @param settings as environment variables, for each instance */
  static async start(args: readonly string[] = [], settings: Record<string, string> = {}): Promise<Cluster> {
    const script = path.resolve(__dirname, '../../scripts/cluster.mjs');
    const program = spawn(process.execPath, [script, '--json', '--port', '0', ...args], {
      env: { ...process.env, NODE_ENV: '', ...SETTINGS, ...settings },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
    return new Cluster(program, lines, await nextEvent<Ready>(lines, 'ready'));
  }

  /** The shop through nginx. */
  get api(): ApiClient {
    return new ApiClient(this.ready.url);
  }

  /** Each instance, without nginx. */
  get instances(): ApiClient[] {
    return this.ready.instanceUrls.map((url) => new ApiClient(url));
  }

  /** Two ways to the shop that need not meet in one process: the first and the last instance, each time anew. */
  get ways(): [ApiClient, ApiClient] {
    const [first = this.api, last = first] = [this.instances.at(0), this.instances.at(-1)];
    // Workers of one instance are given connections in turn.
    return [first.with({ Connection: 'close' }), last.with({ Connection: 'close' })];
  }

  /** Restarts one instance after another, each when the one before is ready again. */
  async restartAll(): Promise<Restart[]> {
    this.program.stdin?.write('r\n');
    const restarts: Restart[] = [];
    for (const _ of this.instances) restarts.push(await nextEvent<Restart>(this.lines, 'restarted'));
    return restarts;
  }

  /** The invariants that do not hold. */
  brokenInvariants(): Promise<string[]> {
    return onDatabase(this.ready.databaseUrl, (client) =>
      brokenOn({ query: async (sql) => (await client.query(sql)).rows }),
    );
  }

  /** The last statement of each connection that the instances hold to the replica. */
  statementsOnReplica(): Promise<string[]> {
    const sql = `SELECT query FROM pg_stat_activity WHERE application_name = 'cartwright'`;
    return onDatabase(this.ready.replicaUrl, async (client) => {
      const { rows } = await client.query<{ query: string }>(sql);
      return rows.map(({ query }) => query);
    });
  }

  /** What nginx noted: which request failed on which instance, and why. */
  complaintsOfNginx(): string {
    return readFileSync(path.join(this.ready.folder, 'nginx/error.log'), 'utf8');
  }

  async stop(): Promise<void> {
    if (this.program.exitCode !== null) return;
    this.program.kill('SIGINT');
    await once(this.program, 'exit');
  }
}

async function nextEvent<T>(lines: AsyncIterator<string>, event: string): Promise<T> {
  for (;;) {
    const { value, done } = await lines.next();
    if (done) throw new Error(`The cluster ended before it was ${event}: see what it said above`);
    // It may have to be built first, and says so in words.
    if (!value.startsWith('{')) continue;
    const line: Json = JSON.parse(value);
    if (line.event === event) return line as T;
  }
}

async function onDatabase<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
