import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Remembers how each user wants to read amounts and dates. */
export class AddUserLocale1795773000000 implements MigrationInterface {
  readonly name = 'AddUserLocale1795773000000';
  readonly exceptions = {
    'constraint-missing-not-valid':
      'Every row has the default: to look at a million accounts takes a second, and writers of users can wait for it.',
  };

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE users ADD COLUMN locale text NOT NULL DEFAULT 'en'`);
    await queryRunner.query(`
      ALTER TABLE users ADD CONSTRAINT ck_users_locale
        CHECK (locale ~ '^[a-z]{2,8}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$') NOT VALID`);
    await queryRunner.query(`ALTER TABLE users VALIDATE CONSTRAINT ck_users_locale`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE users DROP COLUMN locale`);
  }
}
