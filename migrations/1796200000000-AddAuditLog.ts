import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keeps who of the staff changed what, beside the change. */
export class AddAuditLog1796200000000 implements MigrationInterface {
  readonly name = 'AddAuditLog1796200000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE audit_entries (
        id uuid NOT NULL CONSTRAINT pk_audit_entries PRIMARY KEY,
        action text NOT NULL,
        resource_type text NOT NULL,
        resource_id uuid NOT NULL,
        user_id uuid,
        request_id text,
        before jsonb,
        after jsonb,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT ck_audit_entries_action CHECK (action ~ '^[a-z]+[.][a-z_]+$' AND action LIKE resource_type || '.%'),
        CONSTRAINT ck_audit_entries_facts CHECK (before IS NOT NULL OR after IS NOT NULL)
      )`);
    const indexed = ['user_id', 'action', 'resource_type', 'resource_id'];
    await queryRunner.query(`CREATE INDEX ix_audit_entries_created_at ON audit_entries (created_at, id)`);
    for (const column of indexed)
      await queryRunner.query(
        `CREATE INDEX ix_audit_entries_${column} ON audit_entries (${column}, created_at, id)`,
      );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE audit_entries`);
  }
}
