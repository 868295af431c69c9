import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { migrate } from '../../../src/database/migrate';
import { provideTestRedis } from '../../support/global-setup';
import { databaseUrl, execute } from '../../support/sql';
import { TEMPLATE } from './database';
import { startDurablePostgres } from './durable-postgres';
import { printReport } from './report';

/** Jest calls this once: a PostgreSQL of the run's own with migrated, empty tables to copy, and a place to report. */
export default async function globalSetup(): Promise<void> {
  const releases = (globalThis.releases = [] as NonNullable<typeof globalThis.releases>);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cartwright-fault-report-'));
  releases.push(() => rmSync(folder, { recursive: true, force: true }));
  const server = await startDurablePostgres();
  releases.push(() => server.stop());
  await execute(server.url, `CREATE DATABASE ${TEMPLATE}`);
  await migrate(databaseUrl(server.url, TEMPLATE));
  process.env.FAULT_REPORT = path.join(folder, 'report');
  process.env.FAULT_DATABASE_URL = server.url;
  process.env.FAULT_DATA_DIR = server.dataDir;
  await provideTestRedis(releases);
  releases.push(printReport);
}
