import { escapeIdentifier } from 'pg';
import type { EntityManager } from 'typeorm';
import { StartupError } from '../config/startup-error';
import { ANALYZED_TABLES, API_PRIVILEGES } from './api-privileges';
import { canChangeHistory } from './role-privileges';

/** Where PostgreSQL has the privilege MAINTAIN, which ANALYZE wants. */
const FIRST_WITH_MAINTAIN = 170_000;

/** A table, view or sequence of ours, as SQL names it. */
interface Relation {
  name: string;
  isSequence: boolean;
  hasRowSecurity: boolean;
  isOwned: boolean;
}

/**
 * Lets the role do what {@link API_PRIVILEGES} says, and takes from it what it could do besides. For the owner of the
 * tables.
 * @throws StartupError when another than the owner is connected, when there is no such role, or when it could still
 * change the history of the shop
 */
export async function grantToApi(role: string, tx: EntityManager): Promise<void> {
  const relations = await ownRelations(role, tx);
  const names = new Set(relations.map(({ name }) => name));
  if (!Object.keys(API_PRIVILEGES).every((table) => names.has(table)))
    throw new StartupError(
      'DATABASE_API_ROLE is for the owner of the tables, and DATABASE_URL names another role.',
    );
  if (relations.some(({ isOwned }) => isOwned))
    throw new StartupError(
      `DATABASE_API_ROLE names ${role}, which has the rights of the owner of the tables. Name another role.`,
    );
  for (const statement of [
    ...openJobTables(relations),
    ...takeAll(relations, role),
    ...grant(relations, role),
  ])
    await tx.query(statement);
  await grantAnalyze(role, tx);
  if (await canChangeHistory(tx, role))
    throw new StartupError(
      `DATABASE_API_ROLE names ${role}, which another role lets change the tables. Take it out of that one.`,
    );
}

/** What we own in the schemas of the shop and of its jobs. Others may have tables of theirs beside it. */
async function ownRelations(role: string, tx: EntityManager): Promise<Relation[]> {
  const [found] = await tx.query<unknown[]>('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  if (!found)
    throw new StartupError(
      `DATABASE_API_ROLE names ${role}, which is no role. Make it: CREATE ROLE ${escapeIdentifier(role)} LOGIN PASSWORD '…'`,
    );
  return tx.query<Relation[]>(
    `SELECT oid::regclass::text AS name, relkind = 'S' AS "isSequence", relrowsecurity AS "hasRowSecurity",
            pg_has_role($1, relowner, 'MEMBER') AS "isOwned"
       FROM pg_class
      WHERE relnamespace IN ('public'::regnamespace, 'graphile_worker'::regnamespace)
        AND relkind IN ('r', 'p', 'v', 'm', 'S') AND pg_has_role(relowner, 'USAGE')`,
    [role],
  );
}

/**
 * The job library puts its tables under row security and brings no policy, so that only their owner sees rows. Who may
 * do what is for the privileges to say.
 */
function openJobTables(relations: readonly Relation[]): string[] {
  return relations
    .filter(({ hasRowSecurity }) => hasRowSecurity)
    .map(({ name }) => `ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY`);
}

function takeAll(relations: readonly Relation[], role: string): string[] {
  const grantee = escapeIdentifier(role);
  return [
    // Databases that were made before PostgreSQL 15 let everybody make tables.
    'REVOKE CREATE ON SCHEMA public FROM PUBLIC',
    `REVOKE CREATE ON SCHEMA public, graphile_worker FROM ${grantee}`,
    ...relations.map(
      ({ name, isSequence }) => `REVOKE ALL ON ${isSequence ? 'SEQUENCE ' : ''}${name} FROM ${grantee}`,
    ),
  ];
}

function grant(relations: readonly Relation[], role: string): string[] {
  const grantee = escapeIdentifier(role);
  return [
    `GRANT USAGE ON SCHEMA public, graphile_worker TO ${grantee}`,
    ...Object.entries(API_PRIVILEGES).map(
      ([table, privileges]) => `GRANT ${privileges.join(', ')} ON ${table} TO ${grantee}`,
    ),
    ...relations
      .filter(({ isSequence }) => isSequence)
      .map(({ name }) => `GRANT USAGE ON SEQUENCE ${name} TO ${grantee}`),
  ];
}

async function grantAnalyze(role: string, tx: EntityManager): Promise<void> {
  const [server] = await tx.query<{ version: number }[]>(
    `SELECT current_setting('server_version_num')::int AS version`,
  );
  if (server && server.version >= FIRST_WITH_MAINTAIN)
    await tx.query(`GRANT MAINTAIN ON ${ANALYZED_TABLES.join(', ')} TO ${escapeIdentifier(role)}`);
}
