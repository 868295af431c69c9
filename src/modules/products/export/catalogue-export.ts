import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import type { EntityManager } from 'typeorm';
import { COLUMNS } from '../import/csv-records';
import { type ExportBatch, type ExportRow, readExportBatch, START, toCells } from './export-rows';

const BATCH_SIZE = 1_000;

/** Rows that are written at once: between them the process does other things. */
const CHUNK_SIZE = 100;

/**
 * All products that are not deleted, as a catalogue file in the order of their ids. Each batch is read by a statement
 * of its own when the reader has taken the one before, so a slow reader holds neither a connection nor a transaction.
 * What changes meanwhile is shown as it was before or after; what does not is there just once.
 * @throws when the first batch cannot be read; later failures destroy the stream
 */
export async function exportCatalogue(manager: EntityManager): Promise<Readable> {
  const first = await readExportBatch(START, BATCH_SIZE, manager);
  return Readable.from(writeBatches(first, manager), { objectMode: false });
}

async function* writeBatches(first: ExportBatch, manager: EntityManager): AsyncGenerator<string> {
  yield stringify([[...COLUMNS]]);
  yield* writeChunks(first.rows);
  let { next } = first;
  while (next !== null) {
    const batch = await readExportBatch(next, BATCH_SIZE, manager);
    yield* writeChunks(batch.rows);
    ({ next } = batch);
  }
}

function* writeChunks(rows: readonly ExportRow[]): Generator<string> {
  for (let start = 0; start < rows.length; start += CHUNK_SIZE) {
    yield toCsv(rows.slice(start, start + CHUNK_SIZE));
  }
}

/** Records of a catalogue file, without the header. */
export function toCsv(rows: readonly ExportRow[]): string {
  return stringify(rows.map(toCells), { columns: COLUMNS });
}
