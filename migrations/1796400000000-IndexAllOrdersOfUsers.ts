import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finds all orders of a customer, deleted ones too: an account that is erased, or exported, would have every order of the
 * shop looked at. In the place of the index that left out the deleted ones.
 */
export class IndexAllOrdersOfUsers1796400000000 implements MigrationInterface {
  readonly name = 'IndexAllOrdersOfUsers1796400000000';
  // An index is built without stopping writers only outside of a transaction.
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    // It waits for transactions that are under way, and keeps nobody out meanwhile.
    await queryRunner.query('SET lock_timeout = 0');
    // What a build that was cut off has left.
    await queryRunner.query('DROP INDEX CONCURRENTLY IF EXISTS ix_orders_user_id_created_at');
    await queryRunner.query(
      'CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_orders_user_id_created_at ON orders (user_id, created_at, id)',
    );
    await queryRunner.query('DROP INDEX CONCURRENTLY IF EXISTS ix_orders_user_id');
    await queryRunner.query('RESET lock_timeout');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX ix_orders_user_id ON orders (user_id, created_at, id) WHERE deleted_at IS NULL`,
    );
    await queryRunner.query(`DROP INDEX ix_orders_user_id_created_at`);
  }
}
