/*
 * What the instances of a cluster stand on: PostgreSQL with a streaming replica, Redis, and nginx in front. All of it
 * listens on the loopback address only, and has its files in one folder.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import pg from 'pg';
import { inRoot } from '../ensure.mjs';
import { findFreePort, isListening, startProgram, waitUntil } from './processes.mjs';

const DATABASE = 'cartwright';

/** What the instances connect by. The owner of the tables migrates and seeds. */
export const API_ROLE = 'cartwright_api';

/** The embedded servers, with an empty database. They end with this process. */
export async function startPostgres(folder) {
  const built = createRequire(import.meta.url);
  const { startReplicatedPostgres } = built(inRoot('dist/src/database/embedded-replica.js'));
  const { ensureDatabase } = built(inRoot('dist/src/database/provide-database.js'));
  const { primary, replica } = await startReplicatedPostgres(
    { dataDir: path.join(folder, 'primary') },
    path.join(folder, 'replica'),
  );
  await ensureDatabase(primary.url, DATABASE);
  const asApi = await createApiRole(primary.url);
  const [url, replicaUrl] = [primary, replica].map((server) => server.databaseUrl(DATABASE));
  return {
    url,
    replicaUrl,
    apiUrl: asApi(url),
    apiReplicaUrl: asApi(replicaUrl),
    stop: async () => {
      await replica.stop();
      await primary.stop();
    },
  };
}

/** @returns what makes a URL of the owner one of the role */
async function createApiRole(url) {
  const password = randomBytes(16).toString('hex');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE ROLE ${API_ROLE} LOGIN PASSWORD '${password}'`);
  await client.end();
  return (ownerUrl) => Object.assign(new URL(ownerUrl), { username: API_ROLE, password }).href;
}

export async function startRedis(folder) {
  const port = await findFreePort();
  const settings = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no'];
  const program = startProgram(['redis-server', ...settings], { log: path.join(folder, 'redis.log') });
  await waitUntil(() => isListening(port), 'redis-server', program);
  return { url: `redis://127.0.0.1:${port}`, stop: program.stop };
}

/** The configuration of deploy/nginx; only addresses, and where files are, are other ones. */
export async function startNginx(folder, { port, instancePorts }) {
  const home = path.join(folder, 'nginx');
  fs.mkdirSync(home);
  const files = {
    'nginx.conf': ownFiles(read('nginx.conf'), home),
    'routes.conf': read('routes.conf'),
    'server.conf': read('server-http.conf').replace('listen 8080', `listen 127.0.0.1:${port}`),
    'upstream.conf': upstream(read('upstream-local.conf'), instancePorts),
  };
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(home, name), text);
  const program = startProgram(
    ['nginx', '-c', path.join(home, 'nginx.conf'), '-p', home, '-e', 'stderr', '-g', 'daemon off;'],
    { log: path.join(folder, 'nginx.log') },
  );
  await waitUntil(() => isListening(port), 'nginx', program);
  return { url: `http://127.0.0.1:${port}`, stop: program.stop };
}

function read(name) {
  return fs.readFileSync(inRoot('deploy/nginx', name), 'utf8');
}

/** Logs, the number of the process, and what clients send and nginx keeps for a while. */
function ownFiles(text, home) {
  const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `    ${kind}_temp_path ${home}/${kind};`)
    .join('\n');
  return text
    .replaceAll('/var/log/nginx/', `${home}/`)
    .replace('/run/nginx.pid', `${home}/nginx.pid`)
    .replace(/^http \{$/m, `http {\n${kept}`);
}

/** A line for each instance, with the options that the file has. */
function upstream(text, ports) {
  const [, options] = /server 127\.0\.0\.1:3001(.*);/.exec(text);
  const servers = ports.map((port) => `    server 127.0.0.1:${port}${options};`).join('\n');
  return text.replace(/( +server 127\.0\.0\.1:\d+.*\n)+/, `${servers}\n`);
}
