import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets readers find the events after a position, and the dispatcher those that have none yet. */
export class IndexEventPositions1796100001000 implements MigrationInterface {
  readonly name = 'IndexEventPositions1796100001000';
  // An index is built without stopping writers only outside of a transaction.
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS uq_events_position ON events (position)`,
    );
    await queryRunner.query(
      `CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_events_new ON events (seq) WHERE position IS NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX ix_events_new`);
    await queryRunner.query(`DROP INDEX uq_events_position`);
  }
}
