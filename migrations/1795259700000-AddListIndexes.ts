import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Gives every order of the lists of users and categories an index, so that any page of them costs the same. */
export class AddListIndexes1795259700000 implements MigrationInterface {
  readonly name = 'AddListIndexes1795259700000';

  async up(queryRunner: QueryRunner): Promise<void> {
    // By code points: the order of e-mails does not depend on the locale of the server.
    await queryRunner.query(`ALTER TABLE users ALTER COLUMN email_key TYPE text COLLATE "C"`);
    await queryRunner.query(
      `CREATE INDEX ix_users_created_at ON users (created_at, id) WHERE deleted_at IS NULL`,
    );
    await queryRunner.query(`DROP INDEX ix_categories_parent_id`);
    await queryRunner.query(
      `CREATE INDEX ix_categories_parent_id ON categories (parent_id, position, name, id)`,
    );
    await queryRunner.query(`CREATE INDEX ix_categories_position ON categories (position, name, id)`);
    await queryRunner.query(`CREATE INDEX ix_categories_name ON categories (name, id)`);
    await queryRunner.query(`CREATE INDEX ix_categories_created_at ON categories (created_at, id)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX ix_categories_created_at`);
    await queryRunner.query(`DROP INDEX ix_categories_name`);
    await queryRunner.query(`DROP INDEX ix_categories_position`);
    await queryRunner.query(`DROP INDEX ix_categories_parent_id`);
    await queryRunner.query(`CREATE INDEX ix_categories_parent_id ON categories (parent_id, position, id)`);
    await queryRunner.query(`DROP INDEX ix_users_created_at`);
    await queryRunner.query(`ALTER TABLE users ALTER COLUMN email_key TYPE text COLLATE "default"`);
  }
}
