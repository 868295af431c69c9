import type { DataSource } from 'typeorm';
import type { Env } from '../config/env';
import { StartupError } from '../config/startup-error';
import { withDataSource } from '../database/data-source';
import { countPendingMigrations, migrate } from '../database/migrate';

/**
 * Runs a command over tables that are up to date. In development they are brought there; production does not
 * migrate by itself.
 * @throws StartupError in production when migrations are missing
 */
export async function withMigratedDatabase<T>(
  env: Env,
  url: string,
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  if (env.NODE_ENV !== 'production') await migrate(url);
  return withDataSource(url, async (dataSource) => {
    const pending = await countPendingMigrations(dataSource);
    if (pending > 0) {
      throw new StartupError(`The database lacks ${pending} migration(s). Run: npm run migration:run`);
    }
    return work(dataSource);
  });
}
