/*
 * Checks who imports whom. A parser that does not understand the sources sees no import and finds no fault, so that
 * having seen too few files is a failure too.
 */
import { CommandError, inRoot, main, run } from './ensure.mjs';

const leastModules = 50;

await main(async () => {
  const depcruise = inRoot('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [
    'src',
    'migrations',
    'seeds',
    'test',
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'err-long',
  ];
  const { code, output } = await run(process.execPath, [depcruise, ...args]);
  process.stdout.write(output);
  if (code !== 0)
    throw new CommandError('The import rules of .dependency-cruiser.cjs are broken: see above.');
  const seen = Number(/\((\d+) modules/.exec(output)?.[1] ?? 0);
  if (seen < leastModules)
    throw new CommandError(`Only ${seen} modules were checked: the parser does not work.`);
});
