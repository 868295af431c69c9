/*
 * What `npm ci --omit=dev` installs on any platform, as a CycloneDX bill of materials of npm's own making. npm is given
 * a lockfile without the packages of development: of the whole one, `--omit=dev` drops also what both need (seen with
 * npm 11.19: half of it was missing). Needs no network.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CommandError, inRoot, runNpm } from './ensure.mjs';

export async function productionPackages() {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'cartwright-bom-'));
  const { packages, ...lock } = readJson('package-lock.json');
  try {
    // npm names the product after the folder.
    const folder = path.join(scratch, lock.name);
    fs.mkdirSync(folder);
    writeJson(path.join(folder, 'package.json'), withoutDevelopment(readJson('package.json')));
    const kept = Object.entries(packages).filter(([, entry]) => !entry.dev);
    const production = kept.map(([name, entry]) => [name, name === '' ? withoutDevelopment(entry) : entry]);
    writeJson(path.join(folder, 'package-lock.json'), { ...lock, packages: Object.fromEntries(production) });
    return await bill(folder);
  } finally {
    fs.rmSync(scratch, { recursive: true });
  }
}

async function bill(folder) {
  const args = [
    'sbom',
    '--sbom-format=cyclonedx',
    '--sbom-type=application',
    '--package-lock-only',
    '--loglevel=error',
  ];
  const { code, output } = await runNpm([...args, `--prefix=${folder}`]);
  if (code !== 0) throw new CommandError(`npm sbom failed: ${output}`);
  return JSON.parse(output);
}

/** Overrides may speak of what is gone, and everything is locked as it is. */
function withoutDevelopment(manifest) {
  return { ...manifest, devDependencies: undefined, overrides: undefined };
}

function readJson(name) {
  return JSON.parse(fs.readFileSync(inRoot(name), 'utf8'));
}

function writeJson(file, content) {
  fs.writeFileSync(file, JSON.stringify(content));
}
