/*
 * Child processes that end with this one, however it ends: a shell holds the other end of a pipe and stops the program
 * when the pipe is gone. They are in groups of their own, so that Ctrl-C in the terminal reaches this process alone.
 */
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../ensure.mjs';

/** Ends with the exit code of the program. */
const SCRIPT = `"$@" < /dev/null & program=$!
(cat > /dev/null; kill -TERM "$program") <&3 & waiting=$!
wait "$program"; code=$?
kill "$waiting" 2> /dev/null
exit $code`;

/** Runs the program with its output in the file. */
export function startProgram(command, { env = process.env, log }) {
  const output = fs.openSync(log, 'a');
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'sh', ...command], {
    stdio: ['ignore', output, output, 'pipe'],
    env,
    cwd: '/',
    detached: true,
  });
  fs.closeSync(output);
  const program = { hasEnded: false, log };
  program.ended = new Promise((resolve) => shell.once('exit', resolve)).then((code) => {
    program.hasEnded = true;
    return code;
  });
  /** Like Ctrl-C for the program: SIGTERM, and its exit code. */
  program.stop = () => {
    shell.stdio[3].destroy();
    return program.ended;
  };
  return program;
}

/** Waits until the check is true. @throws CommandError with the end of the log when it never is, or the program ends */
export async function waitUntil(check, label, program, seconds = 60) {
  const deadline = Date.now() + seconds * 1000;
  while (!(await check())) {
    if (program.hasEnded || Date.now() > deadline) {
      const why = program.hasEnded ? 'ended by itself' : `is not ready after ${seconds} s`;
      throw new CommandError(
        `${label} ${why}. The end of ${program.log}:\n${fs.readFileSync(program.log, 'utf8').slice(-3000)}`,
      );
    }
    await sleep(25);
  }
}

/** @throws CommandError that says how to install what is missing */
export function assertInstalled(programs) {
  const missing = Object.keys(programs).filter((name) => spawnSync(name, ['-v']).error);
  if (missing.length === 0) return;
  const packages = missing.map((name) => programs[name]).join(' ');
  throw new CommandError(
    `${missing.join(' and ')} cannot be found on the PATH. On Debian or Ubuntu: apt-get install ${packages}`,
  );
}

export function findFreePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export function isListening(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.end();
      resolve(true);
    });
  });
}
