import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets a kept answer that only its request can open be found when the account that it is about is erased. */
export class AddIdempotencySubject1795775000000 implements MigrationInterface {
  readonly name = 'AddIdempotencySubject1795775000000';
  // An index is built without stopping writers only outside of a transaction.
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE idempotency_records ADD COLUMN IF NOT EXISTS subject text`);
    await queryRunner.query(
      `CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_idempotency_records_subject ON idempotency_records (subject) WHERE subject IS NOT NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE idempotency_records DROP COLUMN subject`);
  }
}
