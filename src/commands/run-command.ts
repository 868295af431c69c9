import 'reflect-metadata';
import { type Env, loadEnv } from '../config/env';
import { provideDatabase } from '../database/provide-database';
import { failStart, print } from './terminal';

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
