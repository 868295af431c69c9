/*
 * Runs a program of this project, such as `node scripts/run.mjs src/main`, after installing and building what is
 * missing or stale. The program runs in this very process, so that signals reach it directly.
 *   --watch  runs the API and builds again at every change
 *   --build  only builds
 */
import fs from 'node:fs';
import { pathToFileURL } from 'node:url';
import { CommandError, ensureBuilt, ensureInstalled, handOver, inRoot, main } from './ensure.mjs';

await main(async () => {
  const [entry, ...args] = process.argv.slice(2);
  if (!entry) throw new CommandError('Say which program to run, for example: node scripts/run.mjs src/main');
  await ensureInstalled();
  if (entry === '--build') return ensureBuilt({ always: true });
  if (entry === '--watch')
    return handOver('node_modules/@nestjs/cli/bin/nest.js', ['start', '--watch', ...args]);
  await ensureBuilt();
  await runHere(entry, args);
});

async function runHere(entry, args) {
  const file = inRoot('dist', `${entry}.js`);
  if (!fs.existsSync(file)) throw new CommandError(`There is no program ${entry} in this project.`);
  process.argv = [process.execPath, file, ...args];
  await import(pathToFileURL(file).href);
}
