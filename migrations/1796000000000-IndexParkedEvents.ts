import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets ops and metrics find the events that were given up, among the many that were handed on. */
export class IndexParkedEvents1796000000000 implements MigrationInterface {
  readonly name = 'IndexParkedEvents1796000000000';
  // An index is built without stopping writers only outside of a transaction.
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_events_parked ON events (seq)
        WHERE dispatched_at IS NULL AND parked_at IS NOT NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX ix_events_parked`);
  }
}
