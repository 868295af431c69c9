import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { backUp } from '../src/database/backup/back-up';
import { BackupFile, writeBackupFile } from '../src/database/backup/backup-file';
import type { Manifest } from '../src/database/backup/manifest';
import { restore, type RestoreReport } from '../src/database/backup/restore';
import { revertLast } from '../src/database/migrate';
import { createTestDatabase, type TestDatabase } from './support/database';
import { startTestApp } from './support/app';
import { orderOf, type Person, PASSWORD, Shop } from './support/shop';
import { execute, queryColumn } from './support/sql';
import { Program } from './support/program';

// The programs may have to be built first.
jest.setTimeout(180_000);

const quiet = (): { update: () => void; stop: () => void } => ({
  update: () => undefined,
  stop: () => undefined,
});

/** What a column of text can hold. */
const AWKWARD = 'Tab\there, line\nbreak, back\\slash, \\N and "quotes", ünïcödé 🛒, ‮turned';

describe('a backup', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cartwright-backup-'));
  const databases: TestDatabase[] = [];
  let source: TestDatabase;
  let shop: Shop;
  let ann: Person;
  let productId: string;
  let rowsBefore: Record<string, string[]>;
  let restored: TestDatabase;
  let outcomes: PromiseSettledResult<RestoreReport>[];

  const fileOf = (name: string): string => path.join(folder, name);
  const saveTo = (name: string, url = source.url): Promise<{ manifest: Manifest }> =>
    backUp(url, fileOf(name), quiet);
  const restoreFrom = (name: string, url: string): Promise<RestoreReport> =>
    BackupFile.with(fileOf(name), (backup) => restore(backup, url, quiet));
  const verify = (name: string): Promise<void> =>
    BackupFile.with(fileOf(name), (backup) => backup.verify(() => undefined));

  beforeAll(async () => {
    source = await newDatabase();
    shop = await Shop.open({ databaseUrl: source.apiUrl });
    await fillShop();
    rowsBefore = await rowsOf(source.url);
    await saveWhileSelling();
    restored = await newDatabase();
    outcomes = await Promise.allSettled([
      restoreFrom('shop.zip', restored.url),
      restoreFrom('shop.zip', restored.url),
    ]);
  });

  afterAll(async () => {
    await shop.close();
    for (const database of databases) await database.drop();
    rmSync(folder, { recursive: true });
  });

  async function newDatabase(hasLooseRows = false): Promise<TestDatabase> {
    const database = await createTestDatabase({ hasLooseRows });
    databases.push(database);
    return database;
  }

  /** Something of everything. */
  async function fillShop(): Promise<void> {
    ann = await shop.customer({ firstName: 'Ann' });
    const [child, parent] = [await shop.category(), await shop.category()];
    await shop.editor.api.patch(`/categories/${child.id}`, { parentId: parent.id });
    const product = await shop.product({ description: AWKWARD, categoryId: child.id });
    productId = product.id;
    const { code } = await shop.coupon({ usageLimit: 5 });
    const items = [{ productId, quantity: 2 }];
    await shop.order(ann, items, { couponCode: code });
    const order = await shop.order(ann, items, { couponCode: code });
    await shop.editor.api.put(`/orders/${order.id}/status`, { status: 'cancelled' });
    await ann.api.put('/cart/items', { items });
    await shop.guest(...items);
    await shop.admin.api.post('/webhooks', { url: 'https://8.8.8.8/hooks', events: ['order.placed'] });
    await shop.api.post('/auth/forgot-password', { email: ann.email });
    await shop.query('CREATE TABLE notes_of_ops AS SELECT 1 AS note');
  }

  /** An order is placed when the snapshot is taken, and all of its tables are yet to be read. */
  async function saveWhileSelling(): Promise<void> {
    const holder = new Client({ connectionString: source.url });
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE graphile_worker._private_known_crontabs');
    const saving = saveTo('shop.zip');
    await shop.someoneWaits();
    await shop.order(ann, [{ productId, quantity: 1 }]);
    await holder.query('COMMIT');
    await holder.end();
    await saving;
  }

  it('holds every row as it was at one instant, although the shop went on selling', async () => {
    const rows = await rowsOf(restored.url);
    expect(rows).toEqual(rowsBefore);
    for (const table of ['public.events', 'graphile_worker._private_jobs', 'public.webhooks'])
      expect(rows[table]).not.toEqual([]);
    expect(await ordersOf(source.url)).toBe((await ordersOf(restored.url)) + 1);
  });

  it('is restored once when two try, and says what was left out', () => {
    const [report] = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(report).toMatchObject({ skipped: ['public.notes_of_ops'], newer: [] });
    expect(Object.values(report?.invariants ?? {}).filter((count) => count !== 0)).toEqual([]);
    const [refusal] = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refusal).toMatchObject({ name: 'StartupError', message: expect.stringContaining('not empty') });
  });

  it('leaves rules and counters as they were', async () => {
    const rules = `
      SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
      UNION SELECT tgrelid::regclass || ' ' || tgname || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1`;
    expect(await queryColumn(restored.url, rules)).toEqual(await queryColumn(source.url, rules));
    const copies = await Promise.all([saveTo('again.zip', restored.url), saveTo('twice.zip', restored.url)]);
    const first = await BackupFile.with(fileOf('shop.zip'), async ({ manifest }) => manifest);
    for (const { manifest } of copies)
      expect({ ...manifest, madeAt: first.madeAt }).toEqual({
        ...first,
        tables: first.tables.filter(({ name }) => name !== 'public.notes_of_ops'),
      });
    await Promise.all([verify('again.zip'), verify('twice.zip')]);
  });

  it('brings back a shop where customers are known, and buy', async () => {
    const target = await newDatabase();
    await restoreFrom('shop.zip', target.url);
    const test = await startTestApp({
      databaseUrl: target.apiUrl,
      settings: { JWT_SECRET: shop.test.jwtSecret },
    });
    const again = ann.api.at(test.api.origin);
    expect((await again.get(`/products/${productId}`)).body.description).toBe(AWKWARD);
    expect((await again.get('/cart')).body.items).toHaveLength(1);
    expect((await again.post('/orders', orderOf())).status).toBe(201);
    const { email } = ann;
    expect((await test.api.post('/auth/login', { email, password: PASSWORD })).status).toBe(200);
    await test.close();
  });

  it('is for its owner alone, and what failed leaves nothing', async () => {
    expect(statSync(fileOf('shop.zip')).mode & 0o777).toBe(0o600);
    const before = readdirSync(folder);
    const fill = (): Promise<Manifest> => Promise.reject(new Error('The database is gone'));
    await expect(writeBackupFile(fileOf('half.zip'), fill)).rejects.toThrow('The database is gone');
    expect(readdirSync(folder)).toEqual(before);
  });

  it.each([
    ['rows', (bytes: Buffer) => flip(bytes, bytes.indexOf('public.products.copy') + 60), /damaged/],
    ['a name', (bytes: Buffer) => flip(bytes, bytes.lastIndexOf('public.products.copy')), /damaged/],
    ['its manifest', (bytes: Buffer) => flip(bytes, bytes.indexOf('manifest.json') + 40), /damaged/],
    ['the table of contents', (bytes: Buffer) => flip(bytes, bytes.lastIndexOf('PK\u0001\u0002')), /damaged/],
    ['its end', (bytes: Buffer) => bytes.subarray(0, -1), /no backup, or was cut off/],
    ['its second half', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2), /no backup, or was cut off/],
    ['everything', () => Buffer.from('Dear all, the backup is attached.'), /no backup, or was cut off/],
  ])('tells when it is damaged: %s', async (_, damage, words) => {
    writeFileSync(fileOf('damaged.zip'), damage(readFileSync(fileOf('shop.zip'))));
    await expect(verify('damaged.zip')).rejects.toMatchObject({
      name: 'StartupError',
      message: expect.stringMatching(words),
    });
  });

  it('changes nothing when it is refused', async () => {
    const target = await newDatabase();
    const bytes = readFileSync(fileOf('shop.zip'));
    writeFileSync(fileOf('bad.zip'), flip(bytes, bytes.indexOf('public.products.copy') + 60));
    const before = await rowsOf(target.url);
    await expect(restoreFrom('bad.zip', target.url)).rejects.toThrow();
    expect(await rowsOf(target.url)).toEqual(before);
    await expect(restoreFrom('shop.zip', source.url)).rejects.toThrow(/not empty/);
    expect(await restoreFrom('shop.zip', target.url)).toMatchObject({ newer: [] });
  });

  it('of a newer release is refused, before there are tables', async () => {
    const [other, target] = [await newDatabase(), await newDatabase(true)];
    await execute(
      other.url,
      `INSERT INTO migrations (timestamp, name) VALUES (1, 'FromTheFuture1999999999999')`,
    );
    await saveTo('newer.zip', other.url);
    await clear(target.url);
    await expect(restoreFrom('newer.zip', target.url)).rejects.toThrow(/newer release \(FromTheFuture/);
    expect(await rowsOf(target.url)).toEqual({});
  });

  it('of an older release becomes a shop of this one', async () => {
    const [other, target] = [await newDatabase(true), await newDatabase(true)];
    await execute(
      other.url,
      `INSERT INTO categories (id, name, slug) VALUES (gen_random_uuid(), 'Old', 'old')`,
    );
    await revertLast(other.url);
    const { manifest } = await saveTo('older.zip', other.url);
    await expect(restoreFrom('older.zip', target.url)).rejects.toThrow(/which the backup has not/);
    await clear(target.url);
    const { newer, invariants } = await restoreFrom('older.zip', target.url);
    expect(newer).toHaveLength(1);
    expect(manifest.migrations).not.toContain(newer[0]);
    expect(Object.keys(invariants)).not.toEqual([]);
    expect(await queryColumn(target.url, 'SELECT name FROM categories')).toEqual(['Old']);
  });

  it('is made and checked by commands', async () => {
    chmodSync(folder, 0o755);
    const settings = { DATABASE_URL: source.url };
    const saved = await Program.run('src/commands/backup', settings, [fileOf('command.zip')]);
    expect(saved).toEqual({ code: 0, output: expect.stringContaining(`to ${fileOf('command.zip')}`) });
    const refused = await Program.run('src/commands/restore', settings, [fileOf('command.zip')]);
    expect(refused).toEqual({ code: 1, output: expect.stringMatching(/is whole[\s\S]*is not empty/) });
  });
});

/** Of each table of the shop, its rows as text. */
async function rowsOf(url: string): Promise<Record<string, string[]>> {
  const tables = await queryColumn(
    url,
    `SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('public', 'graphile_worker')
        AND tablename NOT IN ('migrations', 'notes_of_ops') ORDER BY 1`,
  );
  const rows = tables.map(async (table) => [
    table,
    await queryColumn(url, `SELECT to_jsonb(t)::text FROM ${table} t ORDER BY 1`),
  ]);
  return Object.fromEntries(await Promise.all(rows));
}

async function ordersOf(url: string): Promise<number> {
  return (await queryColumn(url, 'SELECT id::text FROM orders')).length;
}

/** As a server makes it: without tables. */
async function clear(url: string): Promise<void> {
  await execute(url, 'DROP SCHEMA public, graphile_worker CASCADE');
  await execute(url, 'CREATE SCHEMA public');
}

function flip(bytes: Buffer, at: number): Buffer {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes;
}
