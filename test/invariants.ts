import type { DataSource } from 'typeorm';
import { checkInvariants } from '../src/database/check-invariants';

/** The invariants that do not hold: none, unless something is wrong. */
export async function brokenInvariants(dataSource: DataSource): Promise<string[]> {
  const broken: string[] = [];
  const runner = dataSource.createQueryRunner();
  try {
    await checkInvariants(runner, ({ number, sentence, count, rows }) => {
      if (count > 0)
        broken.push(`${number} ${sentence}: ${count}, such as ${JSON.stringify(rows.slice(0, 3))}`);
    });
  } finally {
    await runner.release();
  }
  return broken;
}
