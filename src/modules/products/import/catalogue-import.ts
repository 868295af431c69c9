import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { isRetryable, violatedForeignKey } from '../../../common/database/database-errors';
import { DomainError } from '../../../common/errors/domain-error';
import { BatchRaced } from './batch-raced';
import { type CatalogueRecord, readCatalogue } from './csv-records';
import { type BatchOutcome, type BatchSettings, importBatch } from './import-batch';
import { type BadRow, type ImportRow, parseRow } from './import-row';

interface ImportError {
  /** Counts records: the header is row 1. */
  row: number;
  sku: string;
  field: string;
  message: string;
}

export interface ImportReport {
  created: number;
  updated: number;
  unchanged: number;
  /** Rows, of which each may have several errors. */
  failed: number;
  /** The first 1,000. */
  errors: ImportError[];
}

interface ImportOptions {
  /** Opens a transaction for each batch: of its own connection, or of the pool. */
  manager: EntityManager;
  /** The currency of new products whose cell is empty. */
  storeCurrency: string;
  /** Only reports what would happen. */
  dryRun?: boolean;
  /** Called after every batch with the number of rows that are done. */
  onProgress?: (rows: number) => void;
  /** Stops the import before the next batch. */
  signal?: AbortSignal;
}

const BATCH_SIZE = 500;

/** Characters after which a batch is full with fewer rows, so that its statements stay short. */
const MAX_BATCH_LENGTH = 5_000_000;
const MAX_ERRORS = 1_000;
const MAX_RETRIES = 3;

/**
 * Creates and updates products by sku from a catalogue file, in transactions of at most 500 rows. Bad rows are reported,
 * good ones kept. Memory does not grow with the file, but for the skus that it has seen.
 * @throws DomainError `validation_failed` for a bad header before anything is changed; for a file that turns out
 *   malformed further down, what came before is kept (`countCatalogueRows` tells beforehand)
 */
export async function importCatalogue(
  source: AsyncIterable<Buffer>,
  options: ImportOptions,
): Promise<ImportReport> {
  const { manager, storeCurrency, dryRun = false, onProgress, signal } = options;
  const report: ImportReport = { created: 0, updated: 0, unchanged: 0, failed: 0, errors: [] };
  let done = 0;
  for await (const { rows, bad } of readBatches(source)) {
    signal?.throwIfAborted();
    const outcome = await runBatch(rows, { storeCurrency, dryRun }, manager);
    addOutcome(report, { ...outcome, bad: [...bad, ...outcome.bad] });
    done += rows.length + bad.length;
    onProgress?.(done);
  }
  if (!dryRun && report.created + report.updated >= BATCH_SIZE) await refreshStatistics(manager);
  return report;
}

/** The planner would go by what it knew of an emptier catalogue until autovacuum comes by. What was imported stands without it. */
async function refreshStatistics(manager: EntityManager): Promise<void> {
  await manager.query('ANALYZE products, search_words').catch(() => undefined);
}

interface Batch {
  rows: ImportRow[];
  bad: BadRow[];
  /** In characters. */
  length: number;
}

async function* readBatches(source: AsyncIterable<Buffer>): AsyncGenerator<Batch> {
  const rowBySku = new Map<string, number>();
  let batch = emptyBatch();
  for await (const record of readCatalogue(source)) {
    const parsed = refuseRepeated(parseRow(record), rowBySku);
    if ('values' in parsed) batch.rows.push(parsed);
    else batch.bad.push(parsed);
    batch.length += lengthOf(record);
    if (sizeOf(batch) === BATCH_SIZE || batch.length >= MAX_BATCH_LENGTH) {
      yield batch;
      batch = emptyBatch();
    }
  }
  if (sizeOf(batch) > 0) yield batch;
}

function emptyBatch(): Batch {
  return { rows: [], bad: [], length: 0 };
}

function sizeOf({ rows, bad }: Batch): number {
  return rows.length + bad.length;
}

function lengthOf({ cells }: CatalogueRecord): number {
  return Object.values(cells).reduce((sum, cell) => sum + cell.length, 0);
}

/** A sku that comes twice: the second row fails, also when the first was bad for another reason. */
function refuseRepeated(parsed: ImportRow | BadRow, rowBySku: Map<string, number>): ImportRow | BadRow {
  const { row, sku } = parsed;
  if (sku === '') return parsed;
  const first = rowBySku.get(sku);
  if (first === undefined) {
    rowBySku.set(sku, row);
    return parsed;
  }
  return { row, sku, problems: [{ field: 'sku', message: `sku was in row ${first} already.` }] };
}

async function runBatch(
  rows: readonly ImportRow[],
  settings: BatchSettings,
  manager: EntityManager,
): Promise<BatchOutcome> {
  if (rows.length === 0) return { created: 0, updated: 0, unchanged: 0, bad: [] };
  for (let retry = 0; ; retry++) {
    try {
      return await manager.transaction((tx) => importBatch(rows, settings, tx));
    } catch (error) {
      if (!mayRunAgain(error)) throw error;
      if (retry >= MAX_RETRIES) throw overtaken();
      await sleep(Math.random() * 20 * 2 ** retry);
    }
  }
}

/** Deadlocks, names that someone else took, and a category that was deleted between finding and using it. */
function mayRunAgain(error: unknown): boolean {
  return error instanceof BatchRaced || isRetryable(error) || violatedForeignKey(error) !== null;
}

function overtaken(): DomainError {
  return new DomainError(
    'service_unavailable',
    'Others keep changing the same products. Run the import again.',
    {
      retryAfterSeconds: 5,
    },
  );
}

function addOutcome(report: ImportReport, { created, updated, unchanged, bad }: BatchOutcome): void {
  report.created += created;
  report.updated += updated;
  report.unchanged += unchanged;
  report.failed += bad.length;
  const room = MAX_ERRORS - report.errors.length;
  report.errors.push(...toErrors(bad).slice(0, room));
}

function toErrors(bad: readonly BadRow[]): ImportError[] {
  return bad
    .toSorted((left, right) => left.row - right.row)
    .flatMap(({ row, sku, problems }) =>
      problems.map(({ field, message }) => ({ row, sku, field, message })),
    );
}
