import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import { StartupError } from '../config/startup-error';
import { importCatalogue, type ImportReport } from '../modules/products/import/catalogue-import';
import { countCatalogueRows } from '../modules/products/import/csv-records';
import { startProgress } from './progress';
import { type CommandContext, runCommand } from './run-command';
import { withMigratedDatabase } from './with-migrated-database';

const USAGE = 'Say which file to import: npm run catalogue:import -- FILE.csv [--dry-run]';

runCommand(async ({ env, databaseUrl, args, print }: CommandContext) => {
  const { file, dryRun } = parseArguments(args);
  // The whole file is read once before anything is written, so that a malformed one changes nothing.
  await assertReadable(file);
  const total = await countCatalogueRows(createReadStream(file));
  const work = (dataSource: DataSource): Promise<ImportReport> => {
    const progress = startProgress({ label: 'Importing', total, lineEvery: 1_000, print });
    return importCatalogue(createReadStream(file), {
      manager: dataSource.manager,
      storeCurrency: env.STORE_CURRENCY,
      dryRun,
      onProgress: (rows) => progress.update(rows),
    }).finally(() => progress.stop());
  };
  printReport(await withMigratedDatabase(env, databaseUrl, work), dryRun, print);
});

function parseArguments(args: readonly string[]): { file: string; dryRun: boolean } {
  const files = args.filter((arg) => !arg.startsWith('--'));
  const unknown = args.find((arg) => arg.startsWith('--') && arg !== '--dry-run');
  if (unknown !== undefined) throw new StartupError(`${unknown} is not known. ${USAGE}`);
  const [file, ...more] = files;
  if (file === undefined || more.length > 0) throw new StartupError(USAGE);
  return { file: path.resolve(file), dryRun: args.includes('--dry-run') };
}

/** A pipe is refused, too: it cannot be read twice. */
async function assertReadable(file: string): Promise<void> {
  const stats = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new StartupError(
      error.code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read (${error.code}).`,
    );
  });
  if (!stats.isFile()) throw new StartupError(`${file} is not a file.`);
}

function printReport(report: ImportReport, dryRun: boolean, print: (line: string) => void): void {
  const { created, updated, unchanged, failed, errors } = report;
  for (const { row, sku, field, message } of errors)
    print(`Row ${row}, ${sku === '' ? 'no sku' : `sku ${sku}`}, ${field}: ${message}`);
  const reported = new Set(errors.map(({ row }) => row)).size;
  if (reported < failed) print(`… and ${failed - reported} more bad rows.`);
  const counts = `${created} created, ${updated} updated, ${unchanged} unchanged, ${failed} failed.`;
  print(dryRun ? `Nothing was changed. It would be: ${counts}` : counts);
}
