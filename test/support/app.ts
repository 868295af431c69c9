import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createLogger } from '../../src/common/logging/logger';
import { type Env, parseEnv } from '../../src/config/env';
import { createApp } from '../../src/create-app';
import { ApiClient } from './api-client';
import { createTestDatabase, ownerOf, type TestDatabaseOptions } from './database';
import { outsideShop, visitOutsideShop } from './outside-shop';

export interface TestApp {
  readonly app: NestExpressApplication;
  /** Speaks to it over HTTP. */
  readonly api: ApiClient;
  /** The application's own connection pool. */
  readonly dataSource: DataSource;
  /** Connections of the owner of the tables, for what the application may not or is not to notice. */
  readonly owner: DataSource;
  /** As the application connects. */
  readonly databaseUrl: string;
  /** Where it keeps files: a directory of its own unless the settings say another, made when it is needed. */
  readonly dataDir: string;
  /** What it signs access tokens with. */
  readonly jwtSecret: string;
  /** What it logged, a JSON object each. */
  readonly logs: Record<string, unknown>[];
  close(): Promise<void>;
}

interface TestAppOptions extends TestDatabaseOptions {
  /** Settings as environment variables. Limits and background work are off and hashes cheap unless told. */
  settings?: Record<string, string>;
  /** The database of another test application, to run two instances on one. */
  databaseUrl?: string;
  /** Adds to it before it starts, such as a handler of jobs. */
  prepare?: (app: NestExpressApplication) => void;
}

const DEFAULTS = {
  NODE_ENV: 'test',
  RATE_LIMIT: 'off',
  BCRYPT_COST: '4',
  LOG_LEVEL: 'info',
  HOST: '127.0.0.1',
  PORT: '0',
  JOBS: 'off',
};

/** The real application on a free port, with a database of its own; or one that runs already, where the run has one. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const outside = outsideShop();
  if (!outside) return startOwnApp(options);
  const own = Object.keys(options);
  if (own.length > 0) throw new Error(`A shop that runs already cannot be given ${own.join(', ')}`);
  return visitOutsideShop(outside);
}

async function startOwnApp({
  settings = {},
  databaseUrl,
  hasLooseRows,
  prepare,
}: TestAppOptions): Promise<TestApp> {
  const database = databaseUrl ? null : await createTestDatabase({ hasLooseRows });
  const url = databaseUrl ?? database?.apiUrl ?? '';
  const ownDataDir = path.join(os.tmpdir(), `cartwright-test-${randomUUID()}`);
  const env: Env = parseEnv({ ...DEFAULTS, DATA_DIR: ownDataDir, ...settings });
  const logs: Record<string, unknown>[] = [];
  const logger = createLogger(env.LOG_LEVEL, {
    write: (line) => void logs.push(JSON.parse(line) as Record<string, unknown>),
  });
  const app = await createApp(env, logger, url);
  prepare?.(app);
  await app.listen(env.PORT, env.HOST);
  const dataSource = app.get(DataSource);
  return {
    app,
    api: new ApiClient(await app.getUrl()),
    dataSource,
    owner: ownerOf(url) ?? dataSource,
    databaseUrl: url,
    dataDir: env.DATA_DIR,
    jwtSecret: env.JWT_SECRET,
    logs,
    close: async () => {
      await app.close();
      await database?.drop();
      await rm(ownDataDir, { recursive: true, force: true });
      assertDiscreet(logs);
    },
  };
}

/** E-mails, tokens, hashes and the passwords of these tests: what no log line may hold. */
const SECRETS = /@example\.com|eyJ[\w-]+\.|\$2b\$|correct horse|another horse|Harbour Way|555 0100/i;

export function isIndiscreet(line: string): boolean {
  return SECRETS.test(line);
}

/** Every application of the suite passes here when it closes. @throws Error naming the event that told too much */
function assertDiscreet(logs: readonly Record<string, unknown>[]): void {
  const leak = logs.find((line) => isIndiscreet(JSON.stringify(line)));
  if (leak) throw new Error(`A log line holds a secret or personal data: ${JSON.stringify(leak)}`);
}

/**
 * Waits until the condition holds. Ten seconds are more than what failed once waits for its next try, and less than a
 * lost notification takes to be made up for.
 * @throws Error when it takes longer
 */
export async function eventually(condition: () => boolean | Promise<boolean>, seconds = 10): Promise<void> {
  const deadline = Date.now() + seconds * 1_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`The condition did not come to hold within ${seconds} s`);
    await sleep(10);
  }
}
