import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Ends the process when the tests let go of the pipe, or are killed themselves. */
const GUARD = 'cat > /dev/null; kill -9 "$0"';

/** How a process ended: with a code, or by a signal. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process that does not outlive the tests. */
export interface TiedProcess {
  readonly pid: number;
  readonly exit: Promise<Exit>;
}

/** @param onLine what it says, on either of its outputs */
export function spawnTied(
  command: readonly [string, ...(readonly string[])],
  env: Record<string, string>,
  onLine: (line: string) => void,
): TiedProcess {
  const [program, ...args] = command;
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const output of [child.stdout, child.stderr]) createInterface(output).on('line', onLine);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} cannot be started`);
  const guard = spawn('/bin/sh', ['-c', GUARD, String(pid)], { stdio: ['pipe', 'ignore', 'ignore'] });
  guard.unref();
  const exit = once(child, 'close').then(([code, signal]: unknown[]) => {
    // By now the number may be another process's.
    guard.kill('SIGKILL');
    return { code, signal } as Exit;
  });
  return { pid, exit };
}
