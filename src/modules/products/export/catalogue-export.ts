import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import type { EntityManager } from 'typeorm';
import { COLUMNS } from '../import/csv-records';
import { type ExportRow, readExportRows, toCells } from './export-rows';

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
  const first = await readExportRows(null, BATCH_SIZE, manager);
  return Readable.from(writeBatches(first, manager), { objectMode: false });
}

async function* writeBatches(first: ExportRow[], manager: EntityManager): AsyncGenerator<string> {
  yield stringify([[...COLUMNS]]);
  let batch = first;
  while (batch.length > 0) {
    yield* writeChunks(batch);
    const last = batch.at(-1)?.id;
    if (batch.length < BATCH_SIZE || last === undefined) return;
    batch = await readExportRows(last, BATCH_SIZE, manager);
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
