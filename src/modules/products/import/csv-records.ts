import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { DomainError } from '../../../common/errors/domain-error';

/** The columns of a catalogue file, in the order of the export. */
export const COLUMNS = [
  'sku',
  'name',
  'description',
  'price',
  'currency',
  'stock',
  'categoryPath',
  'imageUrl',
  'featured',
  'status',
  'attributes',
] as const;

export type CatalogueColumn = (typeof COLUMNS)[number];

const REQUIRED: readonly CatalogueColumn[] = ['sku', 'name', 'price'];

/** Records that one file may hold, the header not counted. */
export const MAX_ROWS = 100_000;

/** Bounds the memory that a quote which is never closed can take. */
const MAX_RECORD_SIZE = 1_000_000;

export interface CatalogueRecord {
  /** Counts records, not lines: the header is row 1. */
  row: number;
  cells: Readonly<Partial<Record<CatalogueColumn, string>>>;
  /** False when it has more or fewer cells than the header. */
  fitsHeader: boolean;
}

/**
 * Reads a catalogue file record by record: RFC 4180 in UTF-8, with or without a BOM, LF or CRLF.
 * @throws DomainError `validation_failed` for what is not such a file; records before the fault were yielded
 */
export async function* readCatalogue(source: AsyncIterable<Buffer>): AsyncGenerator<CatalogueRecord> {
  let columns: readonly CatalogueColumn[] | undefined;
  let row = 0;
  for await (const cells of readCells(source)) {
    row += 1;
    if (row > MAX_ROWS + 1) throw badFile(`The file has more than ${MAX_ROWS} rows. Split it.`);
    if (columns) yield toRecord(row, columns, cells);
    else columns = toColumns(cells);
  }
  if (!columns)
    throw badFile(`The file is empty. Its first row must name the columns: ${COLUMNS.join(', ')}.`);
}

/**
 * Reads the whole file and counts its records, to know that it is well formed before anything is changed.
 * @throws DomainError like {@link readCatalogue}
 */
export async function countCatalogueRows(source: AsyncIterable<Buffer>): Promise<number> {
  let last = 1;
  for await (const { row } of readCatalogue(source)) last = row;
  return last - 1;
}

async function* readCells(source: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  const parser = parse({
    bom: true,
    recordDelimiter: ['\r\n', '\n'],
    relaxColumnCount: true,
    skipEmptyLines: true,
    maxRecordSize: MAX_RECORD_SIZE,
  });
  // An error of the source reaches the loop below through the parser, which the pipeline destroys with it.
  pipeline(Readable.from(assertUtf8(source)), parser, () => undefined);
  try {
    for await (const cells of parser as AsyncIterable<string[]>) yield cells;
  } catch (error) {
    throw error instanceof CsvError ? badFile(describe(error)) : error;
  }
}

/** Passes the bytes on while they are UTF-8. */
async function* assertUtf8(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const assertDecodes = (chunk?: Buffer): void => {
    try {
      decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw badFile('The file is not UTF-8. Save it as CSV in UTF-8.');
    }
  };
  for await (const chunk of source) {
    assertDecodes(chunk);
    yield chunk;
  }
  assertDecodes();
}

function toColumns(header: string[]): CatalogueColumn[] {
  const names = header.map((name) => name.trim());
  const unknown = names.find((name) => !isColumn(name));
  if (unknown !== undefined) {
    throw badFile(
      `"${excerpt(unknown)}" is no column. The first row must name columns of: ${COLUMNS.join(', ')}.`,
    );
  }
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw badFile(`The column ${repeated} is there twice.`);
  const missing = REQUIRED.filter((name) => !names.includes(name));
  if (missing.length > 0) throw badFile(`The file has no column ${missing.join(' and no column ')}.`);
  return names.filter(isColumn);
}

function isColumn(name: string): name is CatalogueColumn {
  return COLUMNS.some((column) => column === name);
}

function toRecord(row: number, columns: readonly CatalogueColumn[], values: string[]): CatalogueRecord {
  const cells = Object.fromEntries(columns.map((column, index) => [column, values[index] ?? '']));
  return { row, cells, fitsHeader: values.length === columns.length };
}

function describe({ code, ...context }: CsvError): string {
  const line = Number(context['lines']);
  const where = Number.isFinite(line) ? ` at line ${line}` : '';
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'The CSV is malformed: a quoted cell is never closed.';
    case 'CSV_INVALID_CLOSING_QUOTE':
      return `The CSV is malformed${where}: something follows the closing quote of a cell.`;
    case 'INVALID_OPENING_QUOTE':
      return `The CSV is malformed${where}: a quote stands inside a cell that is not quoted.`;
    case 'CSV_MAX_RECORD_SIZE':
      return `The CSV is malformed${where}: a record is longer than ${MAX_RECORD_SIZE} characters, perhaps for a quote that is never closed.`;
    default:
      return `The CSV is malformed${where}.`;
  }
}

function excerpt(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40).toWellFormed()}…` : name;
}

function badFile(message: string): DomainError {
  return new DomainError('validation_failed', message, {
    errors: [{ field: 'file', code: 'invalid_csv', message }],
  });
}
