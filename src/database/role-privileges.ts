import type { EntityManager } from 'typeorm';
import { API_PRIVILEGES, HISTORY_TABLES } from './api-privileges';

type Connection = Pick<EntityManager, 'query'>;

/** A privilege as PostgreSQL's functions ask for it: of some columns, or of the whole table. */
interface WantedPrivilege {
  table: string;
  privilege: string;
  columns: string[] | null;
}

/**
 * Whether the role may change or remove what the history of the shop tells, be it as owner of the tables.
 * @param role the one that is connected unless told
 */
export async function canChangeHistory(connection: Connection, role?: string): Promise<boolean> {
  const [answer] = await connection.query<{ can: boolean }[]>(
    `SELECT bool_or(has_table_privilege(role, name, 'UPDATE, DELETE, TRUNCATE')
                    OR has_any_column_privilege(role, name, 'UPDATE')) AS can
       FROM unnest($1::text[]) name, coalesce($2::name, current_user) role`,
    [HISTORY_TABLES, role ?? null],
  );
  return answer?.can === true;
}

/** What the connected role may not do although the API needs it, such as `INSERT on orders`. */
export async function missingPrivileges(connection: Connection): Promise<string[]> {
  const rows = await connection.query<{ missing: string }[]>(
    // Of a table that a newer release has dropped nothing is missed: PostgreSQL answers NULL.
    `SELECT format('%s on %s', privilege, "table") AS missing
       FROM json_to_recordset($1) AS wanted ("table" text, privilege text, columns text[])
      WHERE NOT CASE WHEN columns IS NULL THEN has_table_privilege(to_regclass("table"), privilege)
                ELSE (SELECT bool_and(has_column_privilege(to_regclass("table"), name, privilege)) FROM unnest(columns) name)
                END`,
    [JSON.stringify(WANTED)],
  );
  return rows.map(({ missing }) => missing);
}

const WANTED: readonly WantedPrivilege[] = Object.entries(API_PRIVILEGES).flatMap(([table, privileges]) =>
  privileges.map((text) => {
    const [, privilege = '', columns] = /^(\w+)(?: \((.+)\))?$/.exec(text) ?? [];
    return { table, privilege, columns: columns?.split(', ') ?? null };
  }),
);
