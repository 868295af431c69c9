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

/** Runs a command over the configured database. Any failure ends with one clear line and an exit code that says so. */
export function runCommand(main: (context: CommandContext) => Promise<void>, failureExitCode = 1): void {
  void runToEnd(main).catch((error: unknown) => failStart(error, failureExitCode));
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

/** One clear line, no stack trace, exit code 1 unless it is to be another. */
export function failStart(error: unknown, exitCode = 1): void {
  const message = error instanceof Error ? error.message : String(error);
  const isOurs = error instanceof StartupError || (error instanceof Error && error.name === 'DomainError');
  process.stderr.write(`${isOurs ? '' : 'It failed: '}${message.split('\n', 1)[0]}\n`);
  process.exitCode = exitCode;
  // What still holds the process, such as a half-open connection, is not waited for.
  setTimeout(() => process.exit(exitCode), 1_000).unref();
}
