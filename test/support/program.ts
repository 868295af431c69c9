import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { ApiClient } from './api-client';
import { eventually } from './app';
import { findFreePort } from './redis';
import type { Shop } from './shop';

const ROOT = path.resolve(__dirname, '..', '..');

/** Enough for a build, on a machine that is busy. */
const START_SECONDS = 150;

/** A program of the shop as people start it: in a process of its own, built when it has to be. */
export class Program {
  output = '';
  readonly exitCode: Promise<number | null>;
  private hasEnded = false;
  private readonly lines: Record<string, unknown>[] = [];
  private readUpTo = 0;

  private constructor(readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => (this.output += data.toString()));
    // By then all that it said has arrived.
    this.exitCode = new Promise((resolve) => child.once('close', resolve));
    child.once('exit', () => (this.hasEnded = true));
  }

  /** @param entry such as `src/main`; the settings are those of production unless told */
  static start(entry: string, settings: Record<string, string>, args: readonly string[] = []): Program {
    const { PATH = '', HOME = '' } = process.env;
    const env = {
      PATH,
      HOME,
      NODE_ENV: 'production',
      JWT_SECRET: randomBytes(32).toString('hex'),
      ...settings,
    };
    const command = [path.join(ROOT, 'scripts', 'run.mjs'), entry, ...args];
    return new Program(
      spawn(process.execPath, command, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  }

  /** Runs one to its end. */
  static async run(
    ...start: Parameters<typeof Program.start>
  ): Promise<{ code: number | null; output: string }> {
    const program = Program.start(...start);
    const code = await program.exitCode;
    return { code, output: program.output };
  }

  /** The JSON lines that it logged. Whoever waits for one asks often: each line is read once. */
  get logs(): readonly Record<string, unknown>[] {
    const end = this.output.lastIndexOf('\n') + 1;
    const lines = this.output.slice(this.readUpTo, end).split('\n');
    for (const line of lines)
      if (line.startsWith('{')) this.lines.push(JSON.parse(line) as Record<string, unknown>);
    this.readUpTo = end;
    return this.lines;
  }

  /** Waits until it has logged this event. @throws Error with what it said when it ends before */
  async hasLogged(event: string): Promise<void> {
    await eventually(() => {
      if (this.hasEnded) throw new Error(`The program ended:\n${this.output}`);
      return this.logs.some((line) => line.event === event);
    }, START_SECONDS);
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.hasEnded) this.child.kill(signal);
  }

  /** Ends it, whatever it does. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.exitCode;
  }
}

/** The API as a program of its own. */
export interface ServedShop {
  program: Program;
  api: ApiClient;
}

/** Starts the API over the database of a shop that a test looks into. @returns it once it answers, with the same tokens */
export async function serve(shop: Shop, settings: Record<string, string>): Promise<ServedShop> {
  const { databaseUrl, dataDir, jwtSecret } = shop.test;
  const port = await findFreePort();
  const program = Program.start('src/main', {
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataDir,
    JWT_SECRET: jwtSecret,
    HOST: '127.0.0.1',
    PORT: String(port),
    ...settings,
  });
  const api = new ApiClient(`http://127.0.0.1:${port}`);
  const isThere = (): Promise<boolean> => api.get('//health').then(Boolean, () => false);
  const ended = program.exitCode.then(() => Promise.reject(new Error(`It ended:\n${program.output}`)));
  await Promise.race([eventually(isThere, START_SECONDS), ended]);
  return { program, api };
}
