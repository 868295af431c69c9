import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the few accounts of the staff, and the last admin among them, without a look at those of all customers. */
export class IndexStaff1796400001000 implements MigrationInterface {
  readonly name = 'IndexStaff1796400001000';
  // An index is built without stopping writers only outside of a transaction.
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    // It waits for transactions that are under way, and keeps nobody out meanwhile.
    await queryRunner.query('SET lock_timeout = 0');
    // What a build that was cut off has left.
    await queryRunner.query('DROP INDEX CONCURRENTLY IF EXISTS ix_users_staff');
    await queryRunner.query(
      `CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_users_staff ON users (id)
        WHERE roles && ARRAY['EDITOR', 'ADMIN']::text[]`,
    );
    await queryRunner.query('RESET lock_timeout');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX ix_users_staff`);
  }
}
