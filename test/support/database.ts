import { cloneName } from './database-names';
import { databaseUrl, execute } from './sql';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A database of one's own: a copy of the migrated, empty template of this run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { TEST_ADMIN_URL: admin, TEST_TEMPLATE: template } = process.env;
  if (!admin || !template) throw new Error('No test database: run the tests with npm test');
  const name = cloneName(template);
  await execute(admin, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  return {
    url: databaseUrl(admin, name),
    drop: () => execute(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}
