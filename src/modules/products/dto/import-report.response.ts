import { ApiProperty } from '@nestjs/swagger';
import type { ImportReport } from '../import/catalogue-import';

const COUNT = { type: 'integer', minimum: 0, maximum: 100_000 } as const;

/** Why a cell of a row was not taken. */
export class ImportErrorResponse {
  /** Counts records, not lines: the header is row 1. */
  @ApiProperty({ type: 'integer', minimum: 2 })
  row: number;
  /** As the row says it; empty where it says none. */
  sku: string;
  /** A column, or `row` for one that has more or fewer cells than the header. */
  field: string;
  message: string;
}

/** What an import did, or would do, in rows. */
export class ImportReportResponse implements ImportReport {
  @ApiProperty(COUNT)
  created: number;
  @ApiProperty(COUNT)
  updated: number;
  /** Rows whose product was already as they say. */
  @ApiProperty(COUNT)
  unchanged: number;
  /** Rows that were not taken, each with one error or more. */
  @ApiProperty(COUNT)
  failed: number;
  /** The first 1,000, in the order of the rows. */
  @ApiProperty({ maxItems: 1_000 })
  errors: ImportErrorResponse[];
}
