import { seedDatabase } from '../../seeds/seed-database';
import type { Env } from '../config/env';
import { StartupError } from '../config/startup-error';
import { isEmpty, withDataSource } from './data-source';
import { countPendingMigrations, migrate } from './migrate';

/**
 * Development: applies migrations and seeds an empty database. Production does neither by itself.
 * @throws StartupError in production when migrations are missing
 */
export async function prepareDatabase(env: Env, url: string, print: (line: string) => void): Promise<void> {
  if (env.NODE_ENV === 'production') return assertMigrated(url);
  const applied = await migrate(url);
  if (applied.length > 0) print(`Applied ${applied.length} migration(s).`);
  await withDataSource(url, async (dataSource) => {
    if (await isEmpty(dataSource.manager)) await seedDatabase(dataSource, { env, print });
  });
}

async function assertMigrated(url: string): Promise<void> {
  const pending = await withDataSource(url, countPendingMigrations);
  if (pending > 0)
    throw new StartupError(`The database lacks ${pending} migration(s). Run: npm run migration:run`);
}
