import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { isRefused } from '../common/database/database-errors';
import type { Env } from '../config/env';
import { StartupError } from '../config/startup-error';
import { shortageOfConnections } from './connection-limit';
import { isEmpty, withDataSource } from './data-source';
import { countPendingMigrations, migrate } from './migrate';
import { canChangeHistory, missingPrivileges } from './role-privileges';

interface Start {
  /** How many of them this start is to make. */
  processes: number;
  print: (line: string) => void;
  logger: Logger;
}

/**
 * Development: applies migrations and seeds an empty database. Production does neither by itself.
 * @throws StartupError in production when migrations are missing, or privileges of the role that is connected
 */
export async function prepareDatabase(
  env: Env,
  url: string,
  { processes, print, logger }: Start,
): Promise<void> {
  const isProduction = env.NODE_ENV === 'production';
  if (!isProduction) await migrateAndSeed(env, url, print);
  await withDataSource(
    url,
    async (dataSource) => {
      if (isProduction) await assertReady(dataSource);
      if (isProduction && (await canChangeHistory(dataSource)))
        logger.warn({ event: 'database_role_too_strong', detail: TOO_STRONG });
      const shortage = await shortageOfConnections(env, processes, dataSource);
      if (shortage !== null) logger.warn({ event: 'database_connections_short', detail: shortage });
    },
    'check',
  );
}

async function migrateAndSeed(env: Env, url: string, print: (line: string) => void): Promise<void> {
  const applied = await migrate(url);
  if (applied.length > 0) print(`Applied ${applied.length} migration(s).`);
  await withDataSource(url, async (dataSource) => {
    if (!(await isEmpty(dataSource.manager))) return;
    const { seedDatabase } = await import('../../seeds/seed-database.js');
    await seedDatabase(dataSource, { env, print });
  });
}

const TOO_STRONG =
  'The role of DATABASE_URL may change the stock ledger and the audit log: see DATABASE_API_ROLE';

async function assertReady(dataSource: DataSource): Promise<void> {
  try {
    const pending = await countPendingMigrations(dataSource);
    if (pending > 0)
      throw new StartupError(`The database lacks ${pending} migration(s). Run: npm run migration:run`);
    const missing = await missingPrivileges(dataSource);
    if (missing.length > 0) throw lackOfPrivileges(missing.join(', '));
  } catch (error) {
    throw isRefused(error) && error instanceof Error ? lackOfPrivileges(error.message) : error;
  }
}

function lackOfPrivileges(what: string): StartupError {
  return new StartupError(
    `The role of DATABASE_URL lacks privileges (${what}). As the owner of the tables, with DATABASE_API_ROLE naming it, run: npm run migration:run`,
  );
}
