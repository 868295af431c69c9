import { pipeline } from 'node:stream/promises';
import { type Client, escapeIdentifier } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Manifest, SavedTable } from './manifest';
import { Tally } from './tally';

export interface ShopTable {
  /** As SQL writes it, such as `public.orders`. */
  name: string;
  /** Those that are stored, by name: what PostgreSQL computes is not saved. */
  columns: string[];
  /** The columns of the primary key, as ORDER BY takes them. */
  order: string[];
  /** How many rows PostgreSQL thinks there are. */
  estimate: number;
}

const SCHEMAS = `('public', 'graphile_worker')`;

/** Rows of text that are the same on every server; no row is left out in silence, and no limit of time. */
const SETTINGS = `
  SET LOCAL client_encoding = 'UTF8'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres';
  SET LOCAL TimeZone = 'UTC'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1;
  SET LOCAL row_security = off; SET LOCAL synchronize_seqscans = off;
  SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0`;

export async function settle(client: Client): Promise<void> {
  await client.query(SETTINGS);
}

/** Every table with rows of the shop or of its jobs. Which migrations are applied is told by the manifest. */
export async function listTables(client: Client): Promise<ShopTable[]> {
  const { rows } = await client.query<ShopTable>(`
    SELECT format('%I.%I', n.nspname, c.relname) AS name, greatest(c.reltuples, 0)::float8 AS estimate,
           array(SELECT a.attname::text FROM pg_attribute a
                  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
                  ORDER BY a.attname COLLATE "C") AS columns,
           array(SELECT format(CASE a.attcollation WHEN 0 THEN '%I' ELSE '%I COLLATE "C"' END, a.attname)
                   FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS key (attnum, place), pg_attribute a
                  WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid AND a.attnum = key.attnum
                  ORDER BY key.place) AS "order"
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ${SCHEMAS} AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'migrations'
       AND NOT EXISTS (SELECT FROM pg_depend d
                        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
     ORDER BY n.nspname, c.relname`);
  return rows;
}

/** Their values are not part of a snapshot: they are those of now, which every row that a snapshot has lies before. */
export async function listSequences(client: Client): Promise<Manifest['sequences']> {
  const { rows } = await client.query<Manifest['sequences'][number]>(
    `SELECT format('%I.%I', schemaname, sequencename) AS name, last_value::text AS last
       FROM pg_sequences WHERE schemaname IN ${SCHEMAS} ORDER BY schemaname, sequencename`,
  );
  return rows;
}

/** The names of the applied migrations, oldest first; none where there are no tables yet. */
export async function appliedMigrations(client: Client): Promise<string[]> {
  if (!(await hasTable(client, 'public.migrations'))) return [];
  const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations ORDER BY timestamp, id');
  return rows.map(({ name }) => name);
}

/** The revision of the job library's tables; 0 where there are none. */
export async function jobTablesRevision(client: Client): Promise<number> {
  if (!(await hasTable(client, 'graphile_worker.migrations'))) return 0;
  const { rows } = await client.query<{ revision: number }>(
    'SELECT coalesce(max(id), 0) AS revision FROM graphile_worker.migrations',
  );
  return rows[0]?.revision ?? 0;
}

async function hasTable(client: Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [
    name,
  ]);
  return rows[0]?.found === true;
}

/**
 * Copies the rows out of the table, in the order of their primary key, through the tally.
 * @returns what the tally counted; whoever reads the tally may still be at it
 */
export async function copyOut(
  client: Client,
  { name, columns, order }: ShopTable,
  tally: Tally,
  signal?: AbortSignal,
): Promise<SavedTable> {
  const sorted = order.length > 0 ? ` ORDER BY ${order.join(', ')}` : '';
  const rows = client.query(copyTo(`COPY (SELECT ${listOf(columns)} FROM ${name}${sorted}) TO STDOUT`));
  await pipeline(rows, tally, { signal });
  return { name, columns, ...tally.sum() };
}

export function listOf(columns: readonly string[]): string {
  return columns.map((column) => escapeIdentifier(column)).join(', ');
}
