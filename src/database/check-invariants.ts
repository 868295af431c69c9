import { INVARIANTS, type Invariant } from './invariants';

/** A connection of the driver, or one that is lent by TypeORM. */
interface Connection {
  query(sql: string): Promise<unknown>;
}

export interface CheckedInvariant extends Invariant {
  /** How many rows break it. */
  count: number;
  /** Some of them: ids and numbers, nothing personal. */
  rows: unknown[];
}

/** How many rows are told of each. */
const TOLD = 20;

/**
 * Looks for what breaks the invariants, and hands each on once it is checked. All statements see one instant, and
 * can write nothing. The connection must be lent for this alone: its transaction is ours.
 */
export async function checkInvariants(
  connection: Connection,
  onChecked: (invariant: CheckedInvariant) => void,
): Promise<void> {
  await connection.query('START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
  try {
    await checkInvariantsWithin(connection, onChecked);
  } finally {
    await connection.query('ROLLBACK').catch(() => undefined);
  }
}

/** As {@link checkInvariants}, within the transaction that the connection is in. */
export async function checkInvariantsWithin(
  connection: Connection,
  onChecked: (invariant: CheckedInvariant) => void,
): Promise<void> {
  for (const invariant of INVARIANTS) onChecked(await check(invariant, connection));
}

async function check(invariant: Invariant, connection: Connection): Promise<CheckedInvariant> {
  const found = await connection.query(
    `SELECT count(*) OVER ()::int AS count, to_json(broken) AS "row" FROM (${invariant.sql}) broken LIMIT ${TOLD}`,
  );
  const rows = found as { count: number; row: unknown }[];
  return { ...invariant, count: rows[0]?.count ?? 0, rows: rows.map(({ row }) => row) };
}
