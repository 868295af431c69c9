import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets the hourly cleaning find sessions and mailed tokens whose time has passed. */
export class IndexWhatExpires1795776000000 implements MigrationInterface {
  readonly name = 'IndexWhatExpires1795776000000';
  // An index is built without stopping writers only outside of a transaction.
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_sessions_expires_at ON sessions (expires_at)`,
    );
    await queryRunner.query(
      `CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_mail_tokens_expires_at ON mail_tokens (expires_at)`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX ix_mail_tokens_expires_at`);
    await queryRunner.query(`DROP INDEX ix_sessions_expires_at`);
  }
}
