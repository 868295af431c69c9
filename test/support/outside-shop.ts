import type { DataSource } from 'typeorm';
import type { TestApp } from './app';
import { ApiClient } from './api-client';
import { borrowDatabase, leave } from './database';

/** A shop that runs already, which one file after the other has for itself. */
export interface OutsideShop {
  url: string;
  databaseUrl: string;
}

/** What the tables need to work at all. */
const KEPT = ['migrations', 'event_counters', 'cache_generations'];

/** The one that the run has started, for all of its files. */
export function outsideShop(): OutsideShop | null {
  const { TEST_SHOP } = process.env;
  return TEST_SHOP ? (JSON.parse(TEST_SHOP) as OutsideShop) : null;
}

/** Empties it, and shows it as an application of the file's own; its process cannot be looked into. */
export async function visitOutsideShop({ url, databaseUrl }: OutsideShop): Promise<TestApp> {
  const owner = await borrowDatabase(databaseUrl);
  await empty(owner);
  return {
    get app(): never {
      throw new Error('The shop runs elsewhere: only a shop of its own lets a file look into it');
    },
    api: new ApiClient(url),
    dataSource: owner,
    owner,
    databaseUrl,
    dataDir: '',
    jwtSecret: '',
    logs: [],
    close: () => leave(databaseUrl),
  };
}

async function empty(owner: DataSource): Promise<void> {
  const tables: { name: string }[] = await owner.query(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL ($1)`,
    [KEPT],
  );
  await owner.query(`TRUNCATE ${tables.map(({ name }) => `"${name}"`).join(', ')} CASCADE`);
  // What is kept in caches is no longer true.
  await owner.query('UPDATE cache_generations SET value = value + 1');
}
