import { randomBytes } from 'node:crypto';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres';
import { grantPrivileges, migrate } from '../../src/database/migrate';
import { apiRoleName, dropOwnDatabases, dropStaleDatabases, templateName } from './database-names';
import { provideRedis } from './redis';
import { databaseUrl, execute } from './sql';

type Release = () => Promise<void> | void;

declare global {
  /** What the end of the run gives back, last taken first. */
  var releases: Release[] | undefined;
}

/** Jest calls this once, before the workers start; they inherit the environment that it leaves. */
export default async function globalSetup(): Promise<void> {
  const releases: Release[] = (globalThis.releases = []);
  const admin = await providePostgres(releases);
  await dropStaleDatabases(admin);
  releases.push(() => dropOwnDatabases(admin));
  const template = templateName();
  await execute(admin, `CREATE DATABASE ${template}`);
  const owner = databaseUrl(admin, template);
  await migrate(owner);
  process.env.TEST_API_URL = await createApiRole(owner, apiRoleName(template));
  process.env.TEST_ADMIN_URL = admin;
  process.env.TEST_TEMPLATE = template;
  await provideTestRedis(releases);
}

/** Lets the role do in the database, and in its copies, what the API needs. @returns the database as the role sees it */
async function createApiRole(owner: string, role: string): Promise<string> {
  const url = new URL(owner);
  [url.username, url.password] = [role, randomBytes(16).toString('hex')];
  await execute(owner, `CREATE ROLE ${role} LOGIN PASSWORD '${url.password}'`);
  await grantPrivileges(owner, role);
  return url.href;
}

async function providePostgres(releases: Release[]): Promise<string> {
  if (process.env.TEST_DATABASE_URL) return process.env.TEST_DATABASE_URL;
  const server = await startEmbeddedPostgres({ dataDir: '.data/test-postgres', isThrowaway: true });
  releases.push(() => server.stop());
  return server.url;
}

/** The application under test must not find REDIS_URL by itself: the tests that need Redis hand it over. */
export async function provideTestRedis(releases: Release[]): Promise<void> {
  const given = process.env.REDIS_URL;
  delete process.env.REDIS_URL;
  const redis = given ? { url: given, stop: () => undefined } : await provideRedis();
  if (redis) {
    process.env.TEST_REDIS_URL = redis.url;
    releases.push(() => redis.stop());
  } else if (process.env.CI) {
    throw new Error('Redis tests: no REDIS_URL and no redis-server on the PATH, where all tests must run');
  } else {
    process.stdout.write('\nRedis tests: no REDIS_URL and no redis-server on the PATH, so they do not run\n');
  }
}
