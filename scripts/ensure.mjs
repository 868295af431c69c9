/*
 * What every command of this project needs first: a Node.js that is new enough, the dependencies, the build.
 * It runs before there are dependencies, so it uses Node's own modules only.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const installStamp = inRoot('node_modules/.installed-from');
const buildStamp = inRoot('dist/.built-from');
/** Everything that the build reads. */
const buildInputs = ['src', 'migrations', 'seeds', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'];
const abandonedAfterMs = 10 * 60_000;

/** A failure with a message for the person at the keyboard. Its exit code tells it from what a program finds wrong. */
export class CommandError extends Error {
  exitCode = 2;
}

/** Runs the program and turns every failure into one line and exit code 2. */
export async function main(program) {
  try {
    process.chdir(root);
    assertNode();
    await program();
  } catch (error) {
    process.stderr.write(`${error instanceof CommandError ? error.message : describe(error)}\n`);
    process.exit(error.exitCode ?? 2);
  }
}

function describe(error) {
  const message = error instanceof Error ? error.message : String(error);
  return `Cannot go on: ${message.split('\n')[0]}`;
}

export async function ensureInstalled() {
  if (isInstalled()) return;
  await exclusively(async () => {
    if (isInstalled()) return;
    // NODE_ENV=production would leave out what the build needs.
    const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
    await step(
      'Installing dependencies',
      () => runNpm(args),
      'npm ci failed: mend what it says and start again.',
    );
    fs.writeFileSync(installStamp, lockfileHash());
  });
}

export async function ensureBuilt({ always = false } = {}) {
  if (!always && isBuilt()) return;
  await exclusively(async () => {
    if (!always && isBuilt()) return;
    const fingerprint = buildFingerprint();
    const nest = inRoot('node_modules/@nestjs/cli/bin/nest.js');
    await step(
      'Building',
      () => run(process.execPath, [nest, 'build']),
      'The build failed: mend what it says.',
    );
    fs.writeFileSync(buildStamp, fingerprint);
  });
}

/** Runs a Node program of the project with the terminal as its own, and passes on signals and the exit code. */
export async function handOver(script, args, env = process.env) {
  const child = spawn(process.execPath, [inRoot(script), ...args], { cwd: root, env, stdio: 'inherit' });
  forwardSignals(child);
  process.exitCode = await exitCodeOf(child);
}

/** Runs a program quietly. */
export async function run(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const signals = forwardSignals(child);
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  const code = await exitCodeOf(child);
  signals.stop();
  if (signals.received) throw Object.assign(new CommandError('Interrupted.'), { exitCode: 130 });
  return { code, output };
}

export function inRoot(...names) {
  return path.join(root, ...names);
}

function assertNode() {
  const { engines } = JSON.parse(fs.readFileSync(inRoot('package.json'), 'utf8'));
  if (isInRange(process.versions.node, engines.node)) return;
  throw new CommandError(
    `Node.js ${process.versions.node} does not run this project (it needs ${engines.node}): install Node.js 24, the present LTS.`,
  );
}

/** Understands what package.json uses: `>=20.19 <21 || >=22.12`. */
function isInRange(version, range) {
  return range.split('||').some((part) =>
    part
      .trim()
      .split(/\s+/)
      .every((bound) => isWithin(version, bound)),
  );
}

function isWithin(version, bound) {
  const [, operator, limit] = /^(>=|<)(.+)$/.exec(bound) ?? [];
  if (!operator)
    throw new CommandError(`The engines of package.json have a bound that is not understood: ${bound}`);
  const order = compareVersions(version, limit);
  return operator === '<' ? order < 0 : order >= 0;
}

function compareVersions(left, right) {
  const [a, b] = [left, right].map((version) => version.split('.').map(Number));
  const difference = [0, 1, 2].map((i) => (a[i] ?? 0) - (b[i] ?? 0)).find((d) => d !== 0);
  return difference ?? 0;
}

function isInstalled() {
  if (!fs.existsSync(inRoot('node_modules/@nestjs/cli/package.json'))) return false;
  if (readText(installStamp) === lockfileHash()) return true;
  // Installed by hand: npm writes this file last.
  const installedAt = modifiedAt(inRoot('node_modules/.package-lock.json'));
  return installedAt !== null && installedAt >= modifiedAt(inRoot('package-lock.json'));
}

function lockfileHash() {
  return createHash('sha256')
    .update(fs.readFileSync(inRoot('package-lock.json')))
    .digest('hex');
}

function isBuilt() {
  return readText(buildStamp) === buildFingerprint();
}

/** Over contents, not times: a checkout or a copy changes the times of files that are the same. */
function buildFingerprint() {
  const hash = createHash('sha256').update(lockfileHash());
  for (const file of buildInputs.flatMap(filesUnder))
    hash.update(`${file}\0`).update(fs.readFileSync(inRoot(file)));
  return hash.digest('hex');
}

function filesUnder(name) {
  const stat = fs.statSync(inRoot(name), { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return [name];
  const names = fs.readdirSync(inRoot(name)).sort();
  return names.flatMap((entry) => filesUnder(path.join(name, entry)));
}

/** Lets one process at a time install and build; the lock of a process that is gone does not count. */
async function exclusively(work) {
  const uid = process.getuid ? process.getuid() : 0;
  const id = createHash('sha256').update(`${uid} ${root}`).digest('hex').slice(0, 16);
  const lock = path.join(os.tmpdir(), `cartwright-${id}.lock`);
  for (let tries = 0; !takeLock(lock); tries += 1) {
    if (tries === 1) process.stdout.write('Waiting for another command that installs or builds ...\n');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  try {
    await work();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

function takeLock(lock) {
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (isAbandoned(lock)) fs.rmSync(lock, { force: true });
    return false;
  }
}

function isAbandoned(lock) {
  const takenAt = modifiedAt(lock);
  if (takenAt === null) return false;
  const age = Date.now() - takenAt;
  const pid = Number(readText(lock));
  // A lock without a number is being written right now.
  return age > abandonedAfterMs || (pid > 0 ? !isAlive(pid) : age > 1000);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Shows how long the work takes while it does, and its output only when it fails. */
async function step(label, work, advice) {
  const start = Date.now();
  const seconds = (digits) => ((Date.now() - start) / 1000).toFixed(digits);
  const { isTTY } = process.stdout;
  process.stdout.write(isTTY ? `${label} ...` : `${label} ...\n`);
  const ticker = isTTY && setInterval(() => process.stdout.write(`\r${label} ... ${seconds(0)} s`), 1000);
  const { code, output } = await work().finally(() => {
    clearInterval(ticker);
    if (isTTY) process.stdout.write('\r');
  });
  if (code !== 0) {
    process.stdout.write(`${isTTY ? '\n' : ''}${output}`);
    throw new CommandError(advice);
  }
  process.stdout.write(`${label} ... done in ${seconds(1)} s\n`);
}

/** Runs the npm that runs this, or else the one on the PATH. */
export function runNpm(args) {
  const npm = process.env.npm_execpath ?? '';
  // npm names itself here; another package manager would too, and is not meant.
  if (/npm-cli\.c?js$/.test(npm)) return run(process.execPath, [npm, ...args]);
  return run('npm', args, { shell: process.platform === 'win32' });
}

function forwardSignals(child) {
  const names = ['SIGINT', 'SIGTERM'];
  const forwarding = {
    received: null,
    stop: () => names.forEach((name) => process.removeListener(name, forward)),
  };
  const forward = (signal) => {
    forwarding.received = signal;
    child.kill(signal);
  };
  for (const name of names) process.on(name, forward);
  return forwarding;
}

function exitCodeOf(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function modifiedAt(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat ? stat.mtimeMs : null;
}
