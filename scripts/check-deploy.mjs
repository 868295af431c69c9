/*
 * Checks the files that run the shop: the Dockerfile and the compose files by linters, the Kubernetes manifests against
 * the API's schemas, that each alert has its section in the runbook, and the rest with the programs that read it where
 * these are installed: nginx, promtool, systemd-analyze. Needs no Docker engine and no cluster.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { validate as lintDockerfile } from 'dockerfile-utils';
import { parse, parseAllDocuments } from 'yaml';
import { CommandError, ensureInstalled, inRoot, main, run } from './ensure.mjs';

const require = createRequire(import.meta.url);
const alertRules = 'deploy/monitoring/alerts.yml';
const dashboard = 'deploy/monitoring/dashboard.json';
const units = [
  'cartwright@3001.service',
  'cartwright-worker.service',
  'cartwright-migrate.service',
  'cartwright-backup.service',
  'cartwright-backup.timer',
];

await main(async () => {
  await ensureInstalled();
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'cartwright-deploy-'));
  try {
    checkDockerfile();
    await checkCompose();
    checkManifests();
    checkRunbook();
    await checkNginx(scratch);
    await checkMetrics(scratch);
    await checkUnits(scratch);
  } finally {
    fs.rmSync(scratch, { recursive: true });
  }
});

function checkDockerfile() {
  const problems = lintDockerfile(read('Dockerfile'));
  const lines = problems.map(
    ({ range, message }) => `Dockerfile:${range.start.line + 1} ${JSON.stringify(message)}`,
  );
  settle('Dockerfile', lines);
}

async function checkCompose() {
  const files = fs.readdirSync(inRoot()).filter((name) => /^docker-compose.*\.yml$/.test(name));
  // The order is ours, and a file of parts has no name.
  const leftOut = [
    'service-keys-order',
    'services-alphabetical-order',
    'top-level-properties-order',
    'require-project-name-field',
  ].flatMap((rule) => ['--disable-rule', rule]);
  const dclint = inRoot('node_modules/dclint/bin/dclint.cjs');
  const { code, output } = await run(process.execPath, [dclint, ...files, '--max-warnings', '0', ...leftOut]);
  settle(files.join(', '), code === 0 ? [] : [output]);
}

function checkManifests() {
  const files = filesUnder('deploy/kubernetes').filter((name) => name.endsWith('.yaml'));
  const documents = files.flatMap((file) =>
    parseAllDocuments(read(file), { merge: true }).map((document) => ({ file, manifest: document.toJS() })),
  );
  const objects = documents.filter(({ manifest }) => manifest.kind !== 'Kustomization');
  settle(`${objects.length} Kubernetes objects`, objects.flatMap(complaintsAbout));
}

function complaintsAbout({ file, manifest }) {
  const { apiVersion, kind } = manifest;
  try {
    const model = require(`kubernetes-models/${apiVersion}/${kind}`)[kind];
    new model(manifest).validate();
    return [];
  } catch (error) {
    return [`${file} ${kind}: ${error.message}`];
  }
}

/** Whoever is woken finds what to do. */
function checkRunbook() {
  const runbook = read('docs/runbook.md');
  const sections = [...runbook.matchAll(/^## (Cartwright\w+)$/gm)].map(([, name]) => name);
  const alerts = rules().filter(({ alert }) => alert);
  const names = alerts.map(({ alert }) => alert);
  const missing = names
    .filter((name) => !sections.includes(name))
    .map((name) => `docs/runbook.md lacks ${name}`);
  const stale = sections.filter((name) => !names.includes(name)).map((name) => `there is no alert ${name}`);
  const lost = alerts
    .filter(({ alert, annotations }) => annotations.runbook !== `docs/runbook.md#${alert.toLowerCase()}`)
    .map(({ alert }) => `${alert} does not name its section of the runbook`);
  settle(`${names.length} alerts in the runbook`, [...missing, ...stale, ...lost]);
}

async function checkNginx(scratch) {
  for (const server of ['server-http.conf', 'server-tls.conf']) {
    const folder = path.join(scratch, server);
    fs.mkdirSync(folder);
    for (const [name, source] of Object.entries(nginxFiles(server)))
      fs.writeFileSync(path.join(folder, name), source);
    await tool('nginx', ['-t', '-c', path.join(folder, 'nginx.conf')], server);
  }
}

/** As installed, but for names that a test has no right to and a certificate that it has not. */
function nginxFiles(server) {
  const source = (name) => read(`deploy/nginx/${name}`);
  return {
    'nginx.conf': source('nginx.conf').replace(/\/run\/nginx.pid|\/var\/log\/nginx\/\w+\.log/g, '/dev/null'),
    'routes.conf': source('routes.conf'),
    'upstream.conf': source('upstream-local.conf'),
    'server.conf': source(server).replace(/ssl_certificate.*;|listen 8443 ssl http2/g, (line) =>
      line.startsWith('listen') ? 'listen 8443' : '',
    ),
  };
}

/** Also the expressions of the dashboard, as rules. */
async function checkMetrics(scratch) {
  await tool('promtool', ['check', 'rules', inRoot(alertRules)], alertRules);
  await tool('promtool', ['test', 'rules', inRoot('deploy/monitoring/alerts.test.yml')], 'alerts.test.yml');
  const { panels } = JSON.parse(read(dashboard));
  const expressions = panels
    .flatMap(({ targets }) => targets)
    .map(({ expr }) => expr.replaceAll('$instance', '.*'));
  const file = path.join(scratch, 'dashboard.yml');
  const asRules = expressions.map((expr, index) => ({ record: `panel:${index}`, expr }));
  fs.writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules: asRules }] }));
  await tool('promtool', ['check', 'rules', file], dashboard);
}

/** The programs that the units start are not where they would be: other names stand for them. */
async function checkUnits(scratch) {
  const folder = path.join(scratch, 'units');
  fs.mkdirSync(folder);
  for (const file of filesUnder('deploy/systemd')) {
    const unit = read(file)
      .replace(/^ExecStart=\S+/gm, 'ExecStart=/bin/true')
      .replace(/^Documentation=.*/gm, '');
    fs.writeFileSync(path.join(folder, path.basename(file).replace('@.', '@3001.')), unit);
  }
  const files = units.map((name) => path.join(folder, name));
  await tool('systemd-analyze', ['verify', '--man=no', ...files], 'deploy/systemd');
}

async function tool(program, args, what) {
  const result = await run(program, args).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
    return null;
  });
  if (result === null)
    return void process.stdout.write(`${what}: not checked, ${program} is not installed\n`);
  settle(what, result.code === 0 ? [] : [result.output]);
}

function rules() {
  return parse(read(alertRules)).groups.flatMap((group) => group.rules);
}

function filesUnder(folder) {
  const entries = fs.readdirSync(inRoot(folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(inRoot(), path.join(entry.parentPath, entry.name)));
}

function read(name) {
  return fs.readFileSync(inRoot(name), 'utf8');
}

function settle(what, complaints) {
  if (complaints.length > 0) throw new CommandError(complaints.join('\n'));
  process.stdout.write(`${what}: sound\n`);
}
