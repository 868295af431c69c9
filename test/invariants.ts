import { checkInvariants } from '../src/database/check-invariants';

/** The invariants that do not hold, as the one who uses this connection alone sees them: none, unless something is wrong. */
export async function brokenOn(connection: Parameters<typeof checkInvariants>[0]): Promise<string[]> {
  const broken: string[] = [];
  await checkInvariants(connection, ({ number, sentence, count, rows }) => {
    if (count > 0)
      broken.push(`${number} ${sentence}: ${count}, such as ${JSON.stringify(rows.slice(0, 3))}`);
  });
  return broken;
}
