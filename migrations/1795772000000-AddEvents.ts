import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keeps what happens in the shop beside what it happens to, so that whoever wants to know of it does, crash or not. */
export class AddEvents1795772000000 implements MigrationInterface {
  readonly name = 'AddEvents1795772000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE events (
        id uuid NOT NULL CONSTRAINT pk_events PRIMARY KEY,
        seq bigserial NOT NULL,
        type text NOT NULL,
        subject_type text NOT NULL,
        subject_id uuid NOT NULL,
        data jsonb NOT NULL,
        at timestamptz NOT NULL DEFAULT now(),
        xid bigint NOT NULL DEFAULT txid_current(),
        dispatched_at timestamptz,
        failures smallint NOT NULL DEFAULT 0,
        last_error text,
        retry_at timestamptz,
        parked_at timestamptz
      )`);
    await queryRunner.query(
      `CREATE INDEX ix_events_waiting ON events (seq) WHERE dispatched_at IS NULL AND parked_at IS NULL`,
    );
    await queryRunner.query(
      `CREATE INDEX ix_events_retried ON events (subject_id, seq)
        WHERE dispatched_at IS NULL AND parked_at IS NULL AND retry_at IS NOT NULL`,
    );
    await queryRunner.query(`CREATE INDEX ix_events_xid ON events (xid, seq)`);
    await queryRunner.query(`CREATE INDEX ix_events_at ON events (at)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE events`);
  }
}
