import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import type { SavedTable } from './manifest';

const NEWLINE = 0x0a;

/** Counts the rows of a table that pass through it as COPY writes them, a line each, and makes their checksum. */
export class Tally extends Transform {
  private readonly hash = createHash('sha256');
  private rows = 0;
  private bytes = 0;

  constructor(private readonly onRows: (count: number) => void = () => undefined) {
    super();
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.hash.update(chunk);
    this.bytes += chunk.length;
    const rows = countLines(chunk);
    this.rows += rows;
    this.onRows(rows);
    done(null, chunk);
  }

  /** To be asked once, after the last row. */
  sum(): Pick<SavedTable, 'rows' | 'bytes' | 'sha256'> {
    return { rows: this.rows, bytes: this.bytes, sha256: this.hash.digest('hex') };
  }
}

/** A newline within a value is written as a backslash and an n. */
function countLines(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
