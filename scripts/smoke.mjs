/*
 * Starts the shop in a folder that is a clean copy of this repository, as a newcomer does, and shops there:
 * `node scripts/smoke.mjs FOLDER`. Stops it with Ctrl-C, kills it, and expects the order to outlive both.
 */
import { spawn } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, main } from './ensure.mjs';

const firstStartMs = 300_000;
const nextStartMs = 15_000;
const stopMs = 15_000;

const password = 'a smoke test 42';
const shippingAddress = { street: '1 Main Street', city: 'Springfield', zipCode: '12345', country: 'US' };

const folder = path.resolve(process.argv[2] ?? '');

await main(async () => {
  if (!process.argv[2]) throw new CommandError('Name the folder of the copy: node scripts/smoke.mjs FOLDER');
  const port = await findFreePort();
  const order = await whileServed('first start', port, firstStartMs, placeOrder, pressCtrlC);
  await whileServed('second start', port, nextStartMs, (api) => expectOrder(api, order), kill);
  await whileServed('start after kill -9', port, nextStartMs, (api) => expectOrder(api, order), pressCtrlC);
  process.exit(0);
});

/** Runs `npm start` while the work is done, and ends it as told. */
async function whileServed(label, port, limitMs, work, end) {
  const server = start(port);
  try {
    const seconds = await waitUntilReady(server, port, limitMs);
    say(`${label}: ready after ${seconds} s`);
    const result = await work(apiOf(port));
    await end(server);
    return result;
  } catch (error) {
    if (!server.hasEnded) signalGroup(server, 'SIGKILL');
    process.stdout.write(`${server.output.slice(-4000)}\n`);
    throw new CommandError(`Smoke test, ${label}: ${error.message}`);
  }
}

/** With an empty environment, and in a process group of its own, as a terminal would run it. */
function start(port) {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, PORT: String(port) };
  const child = spawn('npm', ['start'], {
    cwd: folder,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const server = { child, output: '', hasEnded: false };
  child.stdout.on('data', (data) => (server.output += data));
  child.stderr.on('data', (data) => (server.output += data));
  server.ended = new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', resolve);
  }).finally(() => (server.hasEnded = true));
  return server;
}

async function waitUntilReady(server, port, limitMs) {
  const begun = Date.now();
  while (!(await isReady(port))) {
    if (server.hasEnded) throw new Error('npm start ended by itself');
    if (Date.now() - begun > limitMs) throw new Error(`not ready within ${limitMs / 1000} s`);
    await sleep(50);
  }
  return ((Date.now() - begun) / 1000).toFixed(1);
}

async function isReady(port) {
  const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null);
  return answer?.status === 200;
}

async function pressCtrlC(server) {
  const begun = Date.now();
  signalGroup(server, 'SIGINT');
  const code = await Promise.race([server.ended, sleep(stopMs, 'no', { ref: false })]);
  if (code !== 0) throw new Error(`Ctrl-C gave ${code} exit code within ${stopMs / 1000} s, not 0`);
  say(`Ctrl-C: ended with exit code 0 after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
}

async function kill(server) {
  signalGroup(server, 'SIGKILL');
  await server.ended;
  say('kill -9');
}

function signalGroup({ child }, signal) {
  process.kill(-child.pid, signal);
}

/** One order, from a stranger to a parcel. */
async function placeOrder(api) {
  const email = `smoke-${Date.now()}@example.com`;
  const customer = await api('POST', '/auth/register', { body: { email, password } });
  const token = customer.accessToken;
  const products = await api('GET', '/products?inStock=true&limit=1');
  await api('POST', '/cart/items', { token, body: { productId: products.data[0].id, quantity: 1 } });
  const order = await api('POST', '/orders', {
    token,
    body: { shippingAddress, paymentMethod: 'credit_card' },
  });
  await ship(api, order.id);
  say(`order ${order.number}: ${order.total} ${order.currency}, shipped`);
  return { id: order.id, email };
}

async function ship(api, id) {
  const credentials = { email: 'editor@example.com', password: 'editorpass123' };
  const { accessToken: token } = await api('POST', '/auth/login', { body: credentials });
  await api('PUT', `/orders/${id}/status`, { token, body: { status: 'processing' } });
  await api('PUT', `/orders/${id}/status`, { token, body: { status: 'shipped', trackingNumber: 'SMOKE-1' } });
}

async function expectOrder(api, { id, email }) {
  const { accessToken: token } = await api('POST', '/auth/login', { body: { email, password } });
  const { status } = await api('GET', `/orders/${id}`, { token });
  if (status !== 'shipped') throw new Error(`the order is ${status}, not shipped`);
  say('the order is still there');
}

function apiOf(port) {
  return async (method, route, { token, body } = {}) => {
    const headers = { ...(token && { authorization: `Bearer ${token}` }) };
    if (body) headers['content-type'] = 'application/json';
    const options = { method, headers, body: body && JSON.stringify(body) };
    const answer = await fetch(`http://127.0.0.1:${port}/api${route}`, options);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${route} answered ${answer.status}: ${text}`);
    return JSON.parse(text);
  };
}

function findFreePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
