import { spawn, spawnSync } from 'node:child_process';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface TestRedis {
  readonly url: string;
  stop(): void;
}

/** Where the tests find Redis; undefined when there is none, and the start of the run has said so. */
export const { TEST_REDIS_URL } = process.env;

const READY_TIMEOUT_MS = 10_000;
/** Ends Redis when the run lets go of the pipe, or is killed. */
const SCRIPT = '"$@" > /dev/null 2>&1 & cat; kill $!; wait';

/** A Redis of this run, which keeps nothing; null when there is no redis-server on the PATH. */
export async function provideRedis(): Promise<TestRedis | null> {
  if (spawnSync('redis-server', ['--version']).status !== 0) return null;
  const port = await findFreePort();
  const command = [
    'redis-server',
    '--bind',
    '127.0.0.1',
    '--port',
    String(port),
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'sh', ...command], {
    stdio: ['pipe', 'ignore', 'inherit'],
    cwd: '/',
  });
  shell.unref();
  await waitForPort(port);
  return { url: `redis://127.0.0.1:${port}`, stop: () => void shell.stdin?.end() };
}

export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function waitForPort(port: number): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!(await isListening(port))) {
    if (Date.now() > deadline) throw new Error(`redis-server did not start on port ${port}`);
    await sleep(20);
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.end());
  });
}
