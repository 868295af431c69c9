import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The address book, and the one-time tokens that are mailed. */
export class AddAddressesAndMailTokens1795255200000 implements MigrationInterface {
  readonly name = 'AddAddressesAndMailTokens1795255200000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE user_addresses (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        is_default boolean NOT NULL,
        full_name text,
        phone text,
        street text NOT NULL,
        street2 text,
        city text NOT NULL,
        state text,
        zip_code text NOT NULL,
        country text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT pk_user_addresses PRIMARY KEY (id),
        CONSTRAINT fk_user_addresses_user_id FOREIGN KEY (user_id) REFERENCES users (id)
      )`);
    await queryRunner.query(
      `CREATE INDEX ix_user_addresses_user_id ON user_addresses (user_id, created_at, id)`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX uq_user_addresses_default ON user_addresses (user_id) WHERE is_default`,
    );
    await queryRunner.query(`
      CREATE TABLE mail_tokens (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        purpose text NOT NULL,
        token_hash bytea NOT NULL,
        email_hash bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        CONSTRAINT pk_mail_tokens PRIMARY KEY (id),
        CONSTRAINT uq_mail_tokens_token_hash UNIQUE (token_hash),
        CONSTRAINT ck_mail_tokens_purpose CHECK (purpose IN ('reset_password', 'verify_email')),
        CONSTRAINT fk_mail_tokens_user_id FOREIGN KEY (user_id) REFERENCES users (id)
      )`);
    await queryRunner.query(`CREATE INDEX ix_mail_tokens_user_id ON mail_tokens (user_id, purpose)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE mail_tokens`);
    await queryRunner.query(`DROP TABLE user_addresses`);
  }
}
