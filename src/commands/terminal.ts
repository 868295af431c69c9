import { StartupError } from '../config/startup-error';

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
