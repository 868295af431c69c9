import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isIndiscreet } from '../../support/app';
import { ApiClient } from '../../support/api-client';
import { findFreePort } from '../../support/redis';
import { type Exit, spawnTied, type TiedProcess } from './tied-process';

const READY_TIMEOUT_MS = 60_000;
const KEPT_LINES = 200;

/** As in production, but that no limit is met by those who do not test it. */
const SETTINGS = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  BCRYPT_COST: '10',
  SHUTDOWN_DELAY_MS: '1000',
  ...Object.fromEntries(
    [
      'CATALOGUE',
      'CATALOGUE_USER',
      'ACCOUNT',
      'SIGN_IN',
      'SIGN_IN_ACCOUNT',
      'ACCOUNT_SIGN_IN',
      'REGISTER_PER_HOUR',
      'REFRESH',
      'REFRESH_SESSION',
      'CART',
      'ORDERS',
      'STAFF',
    ].map((name) => [`RATE_LIMIT_${name}`, '1000000']),
  ),
};

function environment(databaseUrl: string): Record<string, string> {
  const JWT_SECRET = randomBytes(32).toString('base64url');
  return { ...SETTINGS, PATH: process.env.PATH ?? '', DATABASE_URL: databaseUrl, JWT_SECRET };
}

/** Runs a built program to its end. */
export async function runProgram(
  name: string,
  args: readonly string[],
  databaseUrl: string,
): Promise<{ exit: Exit; output: string }> {
  const lines: string[] = [];
  const command = [process.execPath, `dist/${name}.js`, ...args] as const;
  const { exit } = spawnTied(command, environment(databaseUrl), (line) => lines.push(line));
  return { exit: await exit, output: lines.join('\n') };
}

/** The built program as a process of its own, under one address however often it is started. */
export class BuiltServer {
  private process: TiedProcess | null = null;
  private readonly lines: string[] = [];
  private indiscreet: string | null = null;

  private constructor(
    private readonly env: Record<string, string>,
    private readonly dataDir: string,
    readonly api: ApiClient,
  ) {}

  /** Not started yet. @param settings as environment variables, beside those of a shop in production */
  static async on(databaseUrl: string, settings: Record<string, string> = {}): Promise<BuiltServer> {
    const dataDir = await mkdtemp(path.join(os.tmpdir(), 'cartwright-fault-'));
    const port = String(await findFreePort());
    const env = { ...environment(databaseUrl), PORT: port, DATA_DIR: dataDir, ...settings };
    return new BuiltServer(env, dataDir, new ApiClient(`http://127.0.0.1:${port}`));
  }

  /** A second instance of the same shop, not started yet. */
  another(): Promise<BuiltServer> {
    const { PORT: _, DATA_DIR: __, ...shared } = this.env;
    return BuiltServer.on(shared.DATABASE_URL ?? '', shared);
  }

  get isRunning(): boolean {
    return this.process !== null;
  }

  /** Of the process that runs now. */
  get pid(): number | null {
    return this.process?.pid ?? null;
  }

  /** What it said last. */
  get output(): string {
    return this.lines.join('\n');
  }

  /** @returns after how many milliseconds it was ready */
  async start(): Promise<number> {
    const startedAt = performance.now();
    const started = spawnTied([process.execPath, 'dist/src/main.js'], this.env, (line) => this.note(line));
    this.process = started;
    void started.exit.then(() => {
      if (this.process === started) this.process = null;
    });
    while (!(await this.isReady())) {
      if (!this.isRunning) throw new Error(`The server ended by itself:\n${this.output}`);
      if (performance.now() - startedAt > READY_TIMEOUT_MS)
        throw new Error(`The server did not become ready:\n${this.output}`);
      await sleep(20);
    }
    return performance.now() - startedAt;
  }

  /** `kill -9`: it cannot do anything about it. */
  kill(): Promise<Exit> {
    return this.end('SIGKILL');
  }

  /** Asks it to stop, and waits until it has. */
  terminate(): Promise<Exit> {
    return this.end('SIGTERM');
  }

  /** @throws Error when a line of its log told too much */
  async close(): Promise<void> {
    if (this.isRunning) await this.kill();
    await rm(this.dataDir, { recursive: true, force: true });
    if (this.indiscreet !== null)
      throw new Error(`A log line holds a secret or personal data: ${this.indiscreet}`);
  }

  async isReady(): Promise<boolean> {
    const answer = await this.api.get('//health/ready').catch(() => null);
    return answer?.status === 200;
  }

  private async end(signal: NodeJS.Signals): Promise<Exit> {
    if (!this.process) throw new Error(`The server has ended by itself:\n${this.output}`);
    const { pid, exit } = this.process;
    process.kill(pid, signal);
    return exit;
  }

  private note(line: string): void {
    // What is no line of the log is for the developer at the terminal.
    if (line.startsWith('{') && isIndiscreet(line)) this.indiscreet ??= line;
    this.lines.push(line);
    if (this.lines.length > KEPT_LINES) this.lines.shift();
  }
}
