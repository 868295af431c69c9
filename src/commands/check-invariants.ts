import type { QueryRunner } from 'typeorm';
import { StartupError } from '../config/startup-error';
import { type CheckedInvariant, checkInvariants } from '../database/check-invariants';
import { withDataSource } from '../database/data-source';
import { countPendingMigrations } from '../database/migrate';
import { type CommandContext, runCommand } from './run-command';

const EXIT_BROKEN = 1;
const EXIT_CANNOT_LOOK = 2;

/** Enough for tables of many millions of rows, and an end to what would hold back the clean-up of dead rows. */
const STATEMENT_TIMEOUT = '10min';

runCommand(async ({ databaseUrl, print }: CommandContext) => {
  const checked = await withDataSource(databaseUrl, async (dataSource) => {
    const pending = await countPendingMigrations(dataSource);
    if (pending > 0)
      throw new StartupError(`The database lacks ${pending} migration(s): it cannot be checked.`);
    const runner = dataSource.createQueryRunner();
    try {
      return await checkAll(runner, print);
    } finally {
      await runner.release();
    }
  });
  const broken = checked.filter(({ count }) => count > 0);
  print(broken.length === 0 ? 'All invariants hold.' : `${broken.length} of ${checked.length} do not hold.`);
  if (broken.length > 0) process.exitCode = EXIT_BROKEN;
}, EXIT_CANNOT_LOOK);

async function checkAll(runner: QueryRunner, print: (line: string) => void): Promise<CheckedInvariant[]> {
  await runner.query(`SET statement_timeout = '${STATEMENT_TIMEOUT}'`);
  const checked: CheckedInvariant[] = [];
  await checkInvariants(runner, (invariant) => {
    checked.push(invariant);
    printResult(invariant, print);
  });
  return checked;
}

function printResult(
  { number, sentence, count, rows }: CheckedInvariant,
  print: (line: string) => void,
): void {
  print(`${number.padEnd(3)} ${count === 0 ? 'holds ' : 'BROKEN'}  ${sentence}`);
  for (const row of rows) print(`      ${JSON.stringify(row)}`);
  if (count > rows.length) print(`      … and ${count - rows.length} more`);
}
