import { migrate } from '../../src/database/migrate';
import { cloneName } from './database-names';
import { databaseUrl, execute } from './sql';

/** A migrated database whose letters are those of the language. @returns its URL, as the owner of the tables */
export async function createForeignDatabase(
  language: string,
): Promise<{ url: string; drop: () => Promise<void> }> {
  const { TEST_ADMIN_URL: admin, TEST_TEMPLATE: template } = process.env;
  if (!admin || !template) throw new Error('No test database: run the tests with npm test');
  const name = cloneName(template);
  await execute(
    admin,
    `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE '${language}'`,
  );
  const url = databaseUrl(admin, name);
  await migrate(url);
  return { url, drop: () => execute(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}
