import { Cluster } from './cluster';

/** No limit is met by those who do not test it. */
const LIMITS = [
  'SIGN_IN_ACCOUNT',
  'ACCOUNT_SIGN_IN',
  'PASSWORD',
  'MAIL_PER_HOUR',
  'REFRESH',
  'REFRESH_SESSION',
  'GUEST_CARTS_PER_HOUR',
  'IMAGES',
];

/** What stands behind nginx: two instances that share Redis, or with `--workers` one with two processes and without. */
const ARGS = process.env.CLUSTER === 'workers' ? ['--instances', '1', '--workers', '2', '--no-redis'] : [];

/** Jest calls this once: a cluster for all files of the run. */
export default async function globalSetup(): Promise<void> {
  const settings = Object.fromEntries(LIMITS.map((name) => [`RATE_LIMIT_${name}`, '1000000']));
  const cluster = await Cluster.start(ARGS, settings);
  globalThis.releases = [() => cluster.stop()];
  process.env.TEST_SHOP = JSON.stringify(cluster.ready);
}
