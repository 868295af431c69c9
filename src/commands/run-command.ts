import 'reflect-metadata';
import { type Env, loadEnv } from '../config/env';
import { StartupError } from '../config/startup-error';
import { provideDatabase } from '../database/provide-database';

export interface CommandContext {
  env: Env;
  databaseUrl: string;
  /** What stands behind the command's name. */
  args: string[];
  print: (line: string) => void;
}

/** Runs a command over the configured database. Any failure ends with one clear line and exit code 1. */
export function runCommand(main: (context: CommandContext) => Promise<void>): void {
  void runToEnd(main).catch(failStart);
}

async function runToEnd(main: (context: CommandContext) => Promise<void>): Promise<void> {
  const env = loadEnv();
  const database = await provideDatabase(env, print);
  try {
    await main({ env, databaseUrl: database.url, args: process.argv.slice(2), print });
  } finally {
    await database.stop();
  }
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** One clear line, no stack trace, exit code 1. */
export function failStart(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const isOurs = error instanceof StartupError || (error instanceof Error && error.name === 'DomainError');
  process.stderr.write(`${isOurs ? '' : 'It failed: '}${message.split('\n', 1)[0]}\n`);
  process.exitCode = 1;
  // What still holds the process, such as a half-open connection, is not waited for.
  setTimeout(() => process.exit(1), 1_000).unref();
}
