import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Addresses outside the shop that are told of events, and what goes out to them. */
export class AddWebhooks1796110000000 implements MigrationInterface {
  readonly name = 'AddWebhooks1796110000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE webhooks (
        id uuid NOT NULL CONSTRAINT pk_webhooks PRIMARY KEY,
        url text NOT NULL,
        events text[] NOT NULL,
        description text,
        is_active boolean NOT NULL DEFAULT true,
        secret text,
        previous_secret text,
        previous_secret_until timestamptz,
        failures integer NOT NULL DEFAULT 0,
        failing_since timestamptz,
        rests_until timestamptz,
        paused_at timestamptz,
        pause_reason text,
        replay_after bigint,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        deleted_at timestamptz,
        CONSTRAINT ck_webhooks_events CHECK (cardinality(events) > 0),
        CONSTRAINT ck_webhooks_secret CHECK ((secret IS NULL) = (deleted_at IS NOT NULL)),
        CONSTRAINT ck_webhooks_previous_secret CHECK ((previous_secret IS NULL) = (previous_secret_until IS NULL)),
        CONSTRAINT ck_webhooks_pause CHECK (
          pause_reason IN ('failing', 'gone') AND paused_at IS NOT NULL OR pause_reason IS NULL AND paused_at IS NULL)
      )`);
    await queryRunner.query(`
      CREATE TABLE webhook_deliveries (
        id uuid NOT NULL CONSTRAINT pk_webhook_deliveries PRIMARY KEY,
        webhook_id uuid NOT NULL CONSTRAINT fk_webhook_deliveries_webhook_id REFERENCES webhooks,
        event_id uuid CONSTRAINT fk_webhook_deliveries_event_id REFERENCES events ON DELETE CASCADE,
        kind text NOT NULL,
        subject_id uuid,
        position bigint,
        status text NOT NULL DEFAULT 'pending',
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz DEFAULT now(),
        last_attempt_at timestamptz,
        duration_ms integer,
        response_status integer,
        error text,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT ck_webhook_deliveries_kind CHECK (kind IN ('event', 'redelivery', 'test')),
        CONSTRAINT ck_webhook_deliveries_status CHECK (status IN ('pending', 'delivered', 'failed')),
        CONSTRAINT ck_webhook_deliveries_event CHECK ((kind = 'test') = (event_id IS NULL)),
        CONSTRAINT ck_webhook_deliveries_order CHECK (
          kind <> 'event' OR (subject_id IS NOT NULL AND position IS NOT NULL)),
        CONSTRAINT ck_webhook_deliveries_next CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL))
      )`);
    await queryRunner.query(
      `CREATE INDEX ix_webhook_deliveries_due ON webhook_deliveries (webhook_id, next_attempt_at) WHERE status = 'pending'`,
    );
    await queryRunner.query(
      `CREATE INDEX ix_webhook_deliveries_order ON webhook_deliveries (webhook_id, subject_id, position)
        WHERE status = 'pending' AND kind = 'event'`,
    );
    await queryRunner.query(
      `CREATE INDEX ix_webhook_deliveries_webhook_id ON webhook_deliveries (webhook_id, created_at, id)`,
    );
    await queryRunner.query(`CREATE INDEX ix_webhook_deliveries_event_id ON webhook_deliveries (event_id)`);
    await queryRunner.query(
      `CREATE INDEX ix_webhook_deliveries_created_at ON webhook_deliveries (created_at)`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE webhook_deliveries`);
    await queryRunner.query(`DROP TABLE webhooks`);
  }
}
