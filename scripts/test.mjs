/*
 * Runs the tests, after installing what is missing. Arguments go to Jest: paths to run a part, `--coverage`, `-t` ...
 * `--faults` runs those that kill and cut off the built program; with `--full` each fault comes as often as the shop
 * promises to survive it, and within the promised times: on a machine that does nothing else. The tests of the cluster
 * take `--full`, too.
 * The tests see a clean environment, so that the settings of a shop that runs here do not change what they find.
 */
import { ensureBuilt, ensureInstalled, handOver, main } from './ensure.mjs';

/** What the machine needs to run programs, and the two services that the tests may be given. */
const kept =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|TMP|TEMP|LANG|LC_.+|TZ|TERM|COLORTERM|FORCE_COLOR|NO_COLOR|CI|GITHUB_ACTIONS|NODE_OPTIONS|SystemRoot|ComSpec|PATHEXT|APPDATA|USERPROFILE|TEST_DATABASE_URL|REDIS_URL)$/i;

await main(async () => {
  const all = process.argv.slice(2);
  const args = all.filter((arg) => !['--faults', '--full', '--workers'].includes(arg));
  await ensureInstalled();
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.test(name)));
  const kind = {
    ...(all.includes('--full') && { FAULTS: 'full' }),
    ...(all.includes('--workers') && { CLUSTER: 'workers' }),
  };
  const env = { ...inherited, NODE_ENV: 'test', ...kind };
  if (all.includes('--faults')) await ensureBuilt();
  const config = all.includes('--faults') ? ['--config', 'jest.faults.config.js'] : [];
  await handOver('node_modules/jest/bin/jest.js', [...config, ...jestArguments(args)], env);
});

/** A part of the tests cannot cover the whole: the threshold is for full runs. */
function jestArguments(args) {
  const isPart = args.some((arg) => !arg.startsWith('-') || /^(-t$|-t=|--test)/.test(arg));
  // A failed test may leave an application open: that must not keep the run from ending.
  return ['--forceExit', ...args, ...(isPart ? ['--coverageThreshold={}'] : [])];
}
