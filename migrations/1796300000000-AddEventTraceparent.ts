import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets what follows from an event go on with the trace of the request that made it happen. */
export class AddEventTraceparent1796300000000 implements MigrationInterface {
  readonly name = 'AddEventTraceparent1796300000000';
  readonly exceptions = {
    'constraint-missing-not-valid':
      'Every row has none: to look at the events of some weeks takes a second, and orders can wait for it.',
  };

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE events ADD COLUMN traceparent text`);
    await queryRunner.query(`
      ALTER TABLE events ADD CONSTRAINT ck_events_traceparent
        CHECK (traceparent ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$') NOT VALID`);
    await queryRunner.query(`ALTER TABLE events VALIDATE CONSTRAINT ck_events_traceparent`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE events DROP COLUMN traceparent`);
  }
}
