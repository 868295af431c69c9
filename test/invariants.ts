import type { DataSource } from 'typeorm';
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

/** {@link brokenOn} over a connection of the pool. */
export async function brokenInvariants(dataSource: DataSource): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    return await brokenOn(runner);
  } finally {
    await runner.release();
  }
}
