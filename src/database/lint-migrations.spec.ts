import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lintMigration, type LintedMigration } from './lint-migrations';

function migrationOf(statements: string[], more: Partial<LintedMigration> = {}): LintedMigration {
  const runAll = async (runner: QueryRunner): Promise<void> => {
    for (const statement of statements) await runner.query(statement);
  };
  return { name: 'Planted1795999000000', up: runAll, down: () => Promise.resolve(), ...more };
}

async function rulesBrokenBy(...statements: string[]): Promise<string[]> {
  const complaints = await lintMigration(migrationOf(statements));
  return complaints.map((complaint) => complaint.split(':', 1)[0] ?? '');
}

describe('the check of migrations', () => {
  it.each([
    ['a column is dropped', 'ALTER TABLE products DROP COLUMN sku', 'ban-drop-column'],
    ['a table is dropped', 'DROP TABLE carts', 'ban-drop-table'],
    ['a column gets another name', 'ALTER TABLE products RENAME COLUMN sku TO code', 'renaming-column'],
    ['a table gets another name', 'ALTER TABLE products RENAME TO goods', 'renaming-table'],
    [
      'a column gets another type',
      'ALTER TABLE products ALTER COLUMN stock TYPE bigint',
      'changing-column-type',
    ],
    ['a column may be null now', 'ALTER TABLE carts ALTER COLUMN user_id DROP NOT NULL', 'ban-drop-not-null'],
    ['a new column is required', 'ALTER TABLE products ADD COLUMN a text NOT NULL', 'adding-required-field'],
    [
      'a default is computed a row',
      'ALTER TABLE products ADD COLUMN a timestamptz DEFAULT clock_timestamp()',
      'adding-field-with-default',
    ],
    [
      'a column becomes required',
      'ALTER TABLE products ALTER COLUMN sku SET NOT NULL',
      'adding-not-nullable-field',
    ],
    [
      'a check is not validated apart',
      'ALTER TABLE products ADD CONSTRAINT ck CHECK (stock < 9)',
      'constraint-missing-not-valid',
    ],
    [
      'a key is not validated apart',
      'ALTER TABLE carts ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES b (id)',
      'adding-foreign-key-constraint',
    ],
    [
      'a unique constraint builds its index',
      'ALTER TABLE products ADD CONSTRAINT uq UNIQUE (name)',
      'disallowed-unique-constraint',
    ],
    ['an index blocks writes', 'CREATE INDEX ix ON products (name)', 'require-concurrent-index-creation'],
    ['dropping an index blocks', 'DROP INDEX ix_products_name', 'require-concurrent-index-deletion'],
    ['the lock timeout is taken off', 'SET LOCAL lock_timeout = 0', 'keep-lock-timeout'],
    ['a table is locked', 'LOCK TABLE products', 'no-table-lock'],
    ['a table is rewritten', 'SELECT 1; VACUUM FULL products', 'no-table-lock'],
    ['rows are changed', '-- backfill\nUPDATE products SET featured = false', 'no-change-of-rows'],
    ['a function is dropped', 'DROP FUNCTION raise_generation()', 'no-drop-in-use'],
    ['a statement is hidden', `DO $$ BEGIN EXECUTE 'DROP TABLE carts'; END $$`, 'no-hidden-statement'],
  ])('finds that %s', async (_, statement, rule) => {
    expect(await rulesBrokenBy(statement)).toContain(rule);
  });

  it.each([
    [
      'a new table with its index',
      'CREATE TABLE wishes (id uuid PRIMARY KEY, name text NOT NULL)',
      'CREATE INDEX ix ON wishes (name)',
    ],
    ['a new column without a value', 'ALTER TABLE products ADD COLUMN brand text'],
    [
      'a new column with a fixed default',
      `ALTER TABLE products ADD COLUMN unit text NOT NULL DEFAULT 'piece'`,
    ],
    ['a constraint for new rows', 'ALTER TABLE products ADD CONSTRAINT ck CHECK (stock < 9) NOT VALID'],
    ['validating it in the next migration', 'ALTER TABLE products VALIDATE CONSTRAINT ck'],
    [
      'a new body of a function',
      'CREATE OR REPLACE FUNCTION f() RETURNS void LANGUAGE sql AS $$ SELECT 1; DELETE FROM carts $$',
    ],
  ])('allows %s', async (_, ...statements) => {
    expect(await rulesBrokenBy(...statements)).toEqual([]);
  });

  it('finds that an index is built beside the work in a transaction, where PostgreSQL refuses it', async () => {
    const index = 'CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON products (name)';
    expect(await rulesBrokenBy('SELECT 1', index)).toEqual(['ban-concurrent-index-creation-in-transaction']);
  });

  it('allows an index that is built beside the work, outside of a transaction', async () => {
    const statements = [
      'SET lock_timeout = 0',
      'DROP INDEX CONCURRENTLY IF EXISTS ix_products_brand',
      'CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_products_brand ON products (brand)',
      'RESET lock_timeout',
    ];
    expect(await lintMigration(migrationOf(statements, { transaction: false }))).toEqual([]);
  });

  it('wants steps that can be run again where no transaction takes the first ones back', async () => {
    const statements = ['CREATE INDEX CONCURRENTLY ix ON products (name)'];
    const [complaint] = await lintMigration(migrationOf(statements, { transaction: false }));
    expect(complaint).toMatch(/^prefer-robust-stmts/);
  });

  it('allows what a migration declares with a reason', async () => {
    const reason = 'No release since 1.4 reads the column.';
    const exceptions = { 'ban-drop-column': reason };
    const statements = ['ALTER TABLE products DROP COLUMN sku'];
    expect(await lintMigration(migrationOf(statements, { exceptions }))).toEqual([]);
  });

  it.each([
    ['has no reason', 'ALTER TABLE products DROP COLUMN sku', 'fine', 'the exception gives no reason.'],
    [
      'is not needed',
      'ALTER TABLE products ADD COLUMN a text',
      'No release reads it.',
      'the exception is not needed.',
    ],
  ])('refuses an exception that %s', async (_, statement, reason, complaint) => {
    const migration = migrationOf([statement], { exceptions: { 'ban-drop-column': reason } });
    expect(await lintMigration(migration)).toEqual([`ban-drop-column: ${complaint}`]);
  });

  it('says which statement it is', async () => {
    const [complaint] = await lintMigration(migrationOf(['SELECT 1', 'DROP TABLE carts']));
    expect(complaint).toContain('\n    DROP TABLE carts');
  });

  it('does not guess what a migration does in another way than by SQL', async () => {
    const up: MigrationInterface['up'] = (runner) => runner.dropColumn('products', 'sku');
    await expect(lintMigration(migrationOf([], { up }))).rejects.toThrow(/Planted.* query\(\)/);
  });
});
