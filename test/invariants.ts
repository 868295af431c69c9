import { INVARIANTS } from '../src/database/invariants';

interface Connection {
  query(sql: string): Promise<unknown>;
}

interface BrokenRow {
  /** Its place in the list. */
  invariant: number;
  count: number;
  row: unknown;
}

/** How many rows are told of each. */
const TOLD = 3;

/** All of them at one instant and by one question: asked after every test, one by one they take six times as long. */
const STATEMENT = INVARIANTS.map(
  ({ sql }, index) =>
    `(SELECT ${index} AS invariant, count(*) OVER ()::int AS count, to_json(broken) AS "row"
      FROM (${sql}) broken LIMIT ${TOLD})`,
).join(' UNION ALL ');

/** The invariants that do not hold, as the one who uses this connection sees them: none, unless something is wrong. */
export async function brokenOn(connection: Connection): Promise<string[]> {
  const found = (await connection.query(STATEMENT)) as BrokenRow[];
  return INVARIANTS.flatMap(({ number, sentence }, index) => {
    const rows = found.filter(({ invariant }) => invariant === index);
    const [first] = rows;
    return first
      ? [`${number} ${sentence}: ${first.count}, such as ${JSON.stringify(rows.map(({ row }) => row))}`]
      : [];
  });
}
