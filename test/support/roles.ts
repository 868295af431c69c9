import { cloneName } from './database-names';
import { databaseUrl, execute } from './sql';

const PASSWORD = 'planted';

/** A role that the end of the run drops, with the databases. @param attributes of CREATE ROLE @returns its name */
export async function createRole(attributes = ''): Promise<string> {
  const { admin, name } = next();
  await execute(admin, `CREATE ROLE ${name} LOGIN PASSWORD '${PASSWORD}' ${attributes}`);
  return name;
}

/** The database as a role of {@link createRole} sees it. */
export function urlAs(role: string, url: string): string {
  const own = new URL(url);
  [own.username, own.password] = [role, PASSWORD];
  return own.href;
}

/** A database without any table, which is the role's. @returns it as the administrator sees it */
export async function createEmptyDatabase(owner: string): Promise<string> {
  const { admin, name } = next();
  await execute(admin, `CREATE DATABASE ${name} OWNER ${owner}`);
  return databaseUrl(admin, name);
}

function next(): { admin: string; name: string } {
  const { TEST_ADMIN_URL: admin, TEST_TEMPLATE: template } = process.env;
  if (!admin || !template) throw new Error('No test database: run the tests with npm test');
  return { admin, name: cloneName(template) };
}
