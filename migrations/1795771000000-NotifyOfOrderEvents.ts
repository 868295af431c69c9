import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tells every instance when the history of an order has grown, for those who follow it. */
export class NotifyOfOrderEvents1795771000000 implements MigrationInterface {
  readonly name = 'NotifyOfOrderEvents1795771000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE FUNCTION notify_order_event() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_notify('order_events', NEW.order_id::text);
        RETURN NULL;
      END $$`);
    // Not for placing: nobody follows an order that is not there yet, and transactions that notify commit one at a time.
    await queryRunner.query(`
      CREATE TRIGGER order_events_notify AFTER INSERT ON order_events
        FOR EACH ROW WHEN (NEW.from_status IS NOT NULL) EXECUTE FUNCTION notify_order_event()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TRIGGER order_events_notify ON order_events`);
    await queryRunner.query(`DROP FUNCTION notify_order_event()`);
  }
}
