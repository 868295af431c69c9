import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Numbers events in the order in which the dispatcher meets them after their commit, without gaps, so that a reader
 * who goes on by the number misses none. (xid, seq) was to serve that, and nobody read it.
 */
export class AddEventPositions1796100000000 implements MigrationInterface {
  readonly name = 'AddEventPositions1796100000000';
  readonly exceptions = {
    'ban-drop-column': 'No release has read events.xid, and writers let it have its default.',
  };

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE event_counters (
        name text NOT NULL CONSTRAINT pk_event_counters PRIMARY KEY,
        last bigint NOT NULL DEFAULT 0
      )`);
    await queryRunner.query(`INSERT INTO event_counters (name) VALUES ('position')`);
    await queryRunner.query(`ALTER TABLE events ADD COLUMN position bigint`);
    await queryRunner.query(`ALTER TABLE events DROP COLUMN xid`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE events ADD COLUMN xid bigint NOT NULL DEFAULT txid_current()`);
    await queryRunner.query(`CREATE INDEX ix_events_xid ON events (xid, seq)`);
    await queryRunner.query(`ALTER TABLE events DROP COLUMN position`);
    await queryRunner.query(`DROP TABLE event_counters`);
  }
}
