import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets a cart belong to a guest, who has its token, instead of a user. */
export class AddGuestCarts1795770000000 implements MigrationInterface {
  readonly name = 'AddGuestCarts1795770000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE carts
        ALTER COLUMN user_id DROP NOT NULL,
        ADD COLUMN token_hash bytea,
        ADD CONSTRAINT uq_carts_token_hash UNIQUE (token_hash),
        ADD CONSTRAINT ck_carts_owner CHECK ((user_id IS NULL) <> (token_hash IS NULL))`);
    // Not by the last change: a column in an index makes each of its updates write to all of the table's indexes.
    await queryRunner.query(
      `CREATE INDEX ix_carts_guest_created_at ON carts (created_at) WHERE token_hash IS NOT NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DELETE FROM carts WHERE user_id IS NULL`);
    await queryRunner.query(`DROP INDEX ix_carts_guest_created_at`);
    await queryRunner.query(`
      ALTER TABLE carts
        DROP CONSTRAINT ck_carts_owner,
        DROP CONSTRAINT uq_carts_token_hash,
        DROP COLUMN token_hash,
        ALTER COLUMN user_id SET NOT NULL`);
  }
}
