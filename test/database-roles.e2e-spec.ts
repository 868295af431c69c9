import { Client, type DatabaseError } from 'pg';
import { createLogger } from '../src/common/logging/logger';
import { parseEnv } from '../src/config/env';
import { ANALYZED_TABLES, API_PRIVILEGES, HISTORY_TABLES } from '../src/database/api-privileges';
import { grantPrivileges, migrate } from '../src/database/migrate';
import { prepareDatabase } from '../src/database/prepare-database';
import { createTestDatabase, type TestDatabase } from './support/database';
import { Program } from './support/program';
import { createEmptyDatabase, createRole, urlAs } from './support/roles';
import { Shop } from './support/shop';
import { execute } from './support/sql';

/** The tables, views and sequences of the shop and of its jobs. */
const OURS = `pg_class c WHERE relkind IN ('r', 'p', 'v', 'm', 'S')
  AND relnamespace IN ('public'::regnamespace, 'graphile_worker'::regnamespace)`;

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

/** The other tests run the whole shop as this role: what it must do it can. */
describe('the database role of the API', () => {
  let shop: Shop;
  let api: Client;

  beforeAll(async () => {
    shop = await Shop.open();
    const ann = await shop.customer();
    const { id } = await shop.product();
    await shop.order(ann, [{ productId: id, quantity: 1 }]);
    await shop.editor.api.patch(`/products/${id}`, { price: 11 });
    api = await connect(shop.test.databaseUrl);
  });

  afterAll(async () => {
    await api.end();
    await shop.close();
  });

  /** What becomes of the statement: the SQLSTATE of its refusal. 42501 is a lack of privileges. */
  const outcome = (sql: string): Promise<string | undefined> =>
    api.query(sql).then(
      () => 'done',
      (error: DatabaseError) => error.code,
    );

  const tables = async (): Promise<string[]> => {
    const rows = await shop.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM ${OURS} AND relkind = 'r'`,
    );
    return rows.map(({ name }) => name);
  };

  it.each(HISTORY_TABLES)('can neither change nor remove rows of %s', async (table) => {
    expect(await shop.query(`SELECT FROM ${table}`)).not.toHaveLength(0);
    for (const statement of [
      `UPDATE ${table} SET created_at = now()`,
      `DELETE FROM ${table}`,
      `TRUNCATE ${table}`,
      `INSERT INTO ${table} SELECT * FROM ${table} ON CONFLICT (id) DO UPDATE SET created_at = now()`,
      `MERGE INTO ${table} t USING ${table} s ON t.id = s.id WHEN MATCHED THEN DELETE`,
      `CREATE RULE planted AS ON INSERT TO ${table} DO INSTEAD NOTHING`,
      `CREATE TRIGGER planted BEFORE INSERT ON ${table} EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
      `SELECT FROM ${table} FOR UPDATE`,
    ])
      expect([statement, await outcome(statement)]).toEqual([statement, '42501']);
  });

  it('can neither empty, change nor drop any table', async () => {
    for (const table of await tables())
      for (const statement of [
        `TRUNCATE ${table} CASCADE`,
        `ALTER TABLE ${table} ADD COLUMN planted text`,
        `ALTER TABLE ${table} DISABLE TRIGGER ALL`,
        `DROP TABLE ${table} CASCADE`,
      ])
        expect([statement, await outcome(statement)]).toEqual([statement, '42501']);
  });

  it.each([
    'UPDATE orders SET total_minor = 0',
    'UPDATE order_items SET quantity = 1',
    'UPDATE order_events SET to_status = from_status',
    `UPDATE events SET data = '{}'`,
    'DELETE FROM orders',
    'DELETE FROM products',
    'DELETE FROM users',
    'DELETE FROM migrations',
    'CREATE TABLE planted (id int)',
    'CREATE TABLE graphile_worker.planted (id int)',
    `CREATE FUNCTION planted() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    'CREATE SCHEMA planted',
    'CREATE EXTENSION hstore',
    'SET ROLE postgres',
    `SET session_replication_role = 'replica'`,
    `SELECT setval('stock_movements_seq_seq', 1)`,
    'SELECT FROM pg_authid',
  ])('is refused: %s', async (statement) => {
    expect(await outcome(statement)).toBe('42501');
  });

  it('has the privileges that are declared, table by table, and no others', async () => {
    const granted = await shop.query<{ granted: string }>(
      `SELECT privilege_type || ' on ' || c.oid::regclass AS granted
         FROM (SELECT oid, aclexplode(relacl) AS acl FROM ${OURS} AND relkind <> 'S') c, LATERAL (SELECT (acl).*) a
        WHERE grantee = $1::regrole AND privilege_type <> 'MAINTAIN'
       UNION ALL
       SELECT format('%s (%s) on %s', (acl).privilege_type, attname, attrelid::regclass)
         FROM (SELECT attrelid, attname, aclexplode(attacl) AS acl FROM pg_attribute WHERE attacl IS NOT NULL) a
        WHERE (acl).grantee = $1::regrole`,
      [new URL(shop.test.databaseUrl).username],
    );
    const declared = Object.entries(API_PRIVILEGES).flatMap(([table, privileges]) =>
      privileges.flatMap((text) => {
        const [, verb, columns] = /^(\w+)(?: \((.+)\))?$/.exec(text) ?? [];
        return columns
          ? columns.split(', ').map((column) => `${verb} (${column}) on ${table}`)
          : [`${verb} on ${table}`];
      }),
    );
    expect(granted.map((row) => row.granted).toSorted()).toEqual(declared.toSorted());
  });

  it('has each table and view declared, and none is open to everybody', async () => {
    const found = await shop.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM ${OURS} AND relkind <> 'S'`,
    );
    expect(found.map(({ name }) => name).toSorted()).toEqual(Object.keys(API_PRIVILEGES).toSorted());
    const open = `SELECT c.oid::regclass FROM ${OURS} AND EXISTS (SELECT FROM aclexplode(relacl) WHERE grantee = 0)`;
    expect(await shop.query(open)).toEqual([]);
  });

  it('gains nothing by calling a function: none acts with the rights of its owner', async () => {
    const functions = await shop.query(
      `SELECT oid::regprocedure FROM pg_proc WHERE prosecdef AND pronamespace IN ('public'::regnamespace, 'graphile_worker'::regnamespace)`,
    );
    expect(functions).toEqual([]);
  });

  it('renews the statistics that an import leaves behind, where PostgreSQL lets it', async () => {
    await api.query(`ANALYZE ${ANALYZED_TABLES.join(', ')}`);
    const [row] = await shop.query<{ isRenewed: boolean; mayBe: boolean }>(
      `SELECT reltuples >= 0 AS "isRenewed", current_setting('server_version_num')::int >= 170000 AS "mayBe"
         FROM pg_class WHERE oid = 'products'::regclass`,
    );
    expect(row?.isRenewed).toBe(row?.mayBe);
  });
});

describe('granting the role of the API what it needs', () => {
  let database: TestDatabase;
  let owner: Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    owner = await connect(database.url);
  });

  afterAll(async () => {
    await owner.end();
    await database.drop();
  });

  const mayChangeLedger = async (role: string): Promise<boolean> => {
    const { rows } = await owner.query<{ may: boolean }>(
      `SELECT has_any_column_privilege($1, 'stock_movements', 'UPDATE')
           OR has_table_privilege($1, 'stock_movements', 'DELETE, TRUNCATE') AS may`,
      [role],
    );
    return rows[0]?.may === true;
  };

  it('takes away what it was given besides', async () => {
    const role = await createRole();
    await owner.query(`GRANT ALL ON ALL TABLES IN SCHEMA public TO ${role}`);
    await owner.query(`GRANT UPDATE (delta) ON stock_movements TO ${role}`);
    expect(await mayChangeLedger(role)).toBe(true);
    await grantPrivileges(database.url, role);
    expect(await mayChangeLedger(role)).toBe(false);
    await grantPrivileges(database.url, role);
  });

  it.each([
    ['is the owner', 'postgres', 'rights of the owner'],
    ['is not there', 'nobody_planted', `Make it: CREATE ROLE "nobody_planted"`],
  ])('refuses a role that %s', async (_, role, reason) => {
    await expect(grantPrivileges(database.url, role)).rejects.toThrow(reason);
    expect(await mayChangeLedger('postgres')).toBe(true);
  });

  it('is for the owner alone', async () => {
    await expect(grantPrivileges(database.apiUrl, 'postgres')).rejects.toThrow('for the owner of the tables');
  });

  it('refuses a role that another one lets write everything, and grants it nothing', async () => {
    const role = await createRole('IN ROLE pg_write_all_data');
    await expect(grantPrivileges(database.url, role)).rejects.toThrow('lets change the tables');
    const { rows } = await owner.query(`SELECT has_table_privilege($1, 'users', 'SELECT') AS may`, [role]);
    expect(rows).toEqual([{ may: false }]);
  });
});

describe('a database whose owner is not its administrator', () => {
  it('is migrated by the owner, who names the role of the API, without which production does not start', async () => {
    const [owner, role] = [await createRole(), await createRole()];
    const url = await createEmptyDatabase(owner);
    const [ownerUrl, apiUrl] = [urlAs(owner, url), urlAs(role, url)];
    await migrate(ownerUrl);
    await expect(start(apiUrl)).rejects.toThrow('The role of DATABASE_URL lacks privileges');
    // Somebody else's table beside those of the shop is left alone.
    await execute(url, 'CREATE TABLE reports ()');
    await execute(url, `GRANT SELECT ON reports TO ${role}`);
    const settings = { DATABASE_URL: ownerUrl, DATABASE_API_ROLE: role };
    const { code, output } = await Program.run('src/commands/migrate', settings, ['run']);
    expect([code, output]).toEqual([0, expect.stringContaining(`Granted ${role} what the API needs.`)]);
    expect(await start(apiUrl)).toEqual([]);
    await execute(apiUrl, 'SELECT FROM reports');
    expect(await start(ownerUrl)).toEqual([expect.objectContaining({ event: 'database_role_too_strong' })]);
    await execute(ownerUrl, `REVOKE INSERT ON orders, carts FROM ${role}`);
    await execute(ownerUrl, `REVOKE UPDATE (note) ON orders FROM ${role}`);
    await expect(start(apiUrl)).rejects.toThrow('(INSERT on carts, INSERT on orders, UPDATE on orders)');
  }, 120_000);

  it('is said to be too small for processes that may ask for more connections than it allows', async () => {
    const url = await createEmptyDatabase(await createRole());
    await migrate(url);
    const role = await createRole('CONNECTION LIMIT 30');
    await grantPrivileges(url, role);
    const tooSmall = (wanted: number, allowed: number): unknown =>
      expect.objectContaining({
        event: 'database_connections_short',
        detail: expect.stringContaining(
          `may ask for ${wanted} connections, and PostgreSQL allows ${allowed}`,
        ),
      });
    const settings = { DATABASE_POOL_SIZE: '12' };
    expect(await start(urlAs(role, url), { ...settings, JOBS: 'off' }, 2)).toEqual([]);
    expect(await start(urlAs(role, url), settings, 2)).toEqual([]);
    expect(await start(urlAs(role, url), { DATABASE_POOL_SIZE: '13' }, 2)).toEqual([tooSmall(32, 30)]);
    await execute(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} CONNECTION LIMIT 29`);
    expect(await start(urlAs(role, url), settings, 2)).toEqual([tooSmall(30, 29)]);
  }, 120_000);

  /** What comes before production serves. @returns what it logs */
  async function start(url: string, settings = {}, processes = 1): Promise<unknown[]> {
    const logs: unknown[] = [];
    const logger = createLogger('info', { write: (line) => void logs.push(JSON.parse(line)) });
    const env = parseEnv({
      NODE_ENV: 'production',
      DATABASE_URL: url,
      JWT_SECRET: '7fGq2-Zr9xLw4TbNc8Vd1KsYp6Hm3JaE',
      ...settings,
    });
    await prepareDatabase(env, url, { processes, print: () => undefined, logger });
    return logs;
  }
});
