import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { ZipFile as ZipWriter } from 'yazl';
import { StartupError } from '../../config/startup-error';
import { checksumOfInvariants, type Manifest, parseManifest, type SavedTable } from './manifest';
import { Tally } from './tally';

/** Where a file says what it is: its last entry, so that one that was cut off has none. */
const MANIFEST = 'manifest.json';

/** The manifest of the largest shop is some kilobytes. */
const MAX_MANIFEST_BYTES = 10_000_000;

/** Less than half the time of the usual 6, for a quarter more bytes: measured with the rows of 100,000 products. */
const COMPRESSION_LEVEL = 1;

/** Adds the rows of a table to the file; the tally is written as it is filled. */
export type AddTable = (name: string, tally: Tally) => void;

/**
 * Writes a backup: completely or not at all, readable only for its owner.
 * @param fill adds the tables one after the other, ends early when the signal says so, and says what there is
 * @returns the size in bytes
 */
export async function writeBackupFile(
  file: string,
  fill: (add: AddTable, signal: AbortSignal) => Promise<Manifest>,
): Promise<number> {
  const draft = `${file}.${randomBytes(4).toString('hex')}.partial`;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  try {
    await writeZip(draft, fill);
    await rename(draft, file);
    await syncFolder(path.dirname(file));
    return (await stat(file)).size;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function writeZip(
  draft: string,
  fill: (add: AddTable, signal: AbortSignal) => Promise<Manifest>,
): Promise<void> {
  const zip = new ZipWriter();
  const stop = new AbortController();
  const output = zip.outputStream as Readable;
  // Flushed: it is on the disk before it is closed.
  const draftStream = createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true });
  const written = pipeline(output, draftStream).catch((error: unknown) => {
    stop.abort(error);
    throw error;
  });
  const filled = fill(
    (name, tally) => zip.addReadStream(tally, entryOf(name), { compressionLevel: COMPRESSION_LEVEL }),
    stop.signal,
  ).then(
    (manifest) => {
      zip.addBuffer(Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`), MANIFEST);
      zip.end();
    },
    (error: unknown) => {
      output.destroy(error instanceof Error ? error : new Error(String(error)));
      throw error;
    },
  );
  try {
    // The first to fail is the reason.
    await Promise.all([written, filled]);
  } finally {
    await Promise.allSettled([written, filled]);
  }
}

/** The new name is on the disk, too, where the system knows how. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

function entryOf(table: string): string {
  return `${table}.copy`;
}

/** A backup that is there to be read. */
export class BackupFile {
  private constructor(
    private readonly file: string,
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
    readonly manifest: Manifest,
  ) {}

  /** Opens it for as long as `work` runs. @throws StartupError when it is no backup, cut off, or of a newer release */
  static async with<T>(file: string, work: (backup: BackupFile) => Promise<T>): Promise<T> {
    const zip = await openPromise(file, { autoClose: false }).catch((error: NodeJS.ErrnoException) => {
      throw new StartupError(
        error.code ? `${file} cannot be read (${error.code}).` : `${file} is no backup, or was cut off.`,
      );
    });
    try {
      const entries = new Map<string, Entry>();
      for await (const entry of entriesOf(file, zip)) entries.set(entry.fileName, entry);
      return await work(new BackupFile(file, zip, entries, await readManifest(file, zip, entries)));
    } finally {
      zip.close();
    }
  }

  get rows(): number {
    return this.manifest.tables.reduce((sum, { rows }) => sum + rows, 0);
  }

  get checksum(): string {
    return checksumOfInvariants(this.manifest.tables);
  }

  /** Reads all of it. @throws StartupError when a byte is not as it was written */
  async verify(onRows: (count: number) => void): Promise<void> {
    for (const table of this.manifest.tables) {
      const tally = new Tally(onRows);
      tally.resume();
      await pipeline(await this.rowsOf(table), tally).catch(() => this.fail(table));
      if (tally.sum().sha256 !== table.sha256) this.fail(table);
    }
  }

  /** The rows of the table, as COPY takes them. */
  async rowsOf(table: SavedTable): Promise<Readable> {
    const entry = this.entries.get(entryOf(table.name));
    return entry ? this.zip.openReadStreamPromise(entry).catch(() => this.fail(table)) : this.fail(table);
  }

  private fail({ name }: SavedTable): never {
    throw new StartupError(`${this.file} is damaged: the rows of ${name} are not those that were saved.`);
  }
}

async function* entriesOf(file: string, zip: ZipFile): AsyncGenerator<Entry> {
  try {
    yield* zip.eachEntry();
  } catch {
    throw new StartupError(`${file} is damaged: its table of contents cannot be read.`);
  }
}

async function readManifest(
  file: string,
  zip: ZipFile,
  entries: ReadonlyMap<string, Entry>,
): Promise<Manifest> {
  const entry = entries.get(MANIFEST);
  if (!entry || entry.uncompressedSize > MAX_MANIFEST_BYTES)
    throw new StartupError(`${file} is no backup of this shop.`);
  const content = await zip
    .openReadStreamPromise(entry)
    .then((stream) => text(stream))
    .catch(() => null);
  if (content === null || crc32(content) !== entry.crc32)
    throw new StartupError(`${file} is damaged: its manifest is not as it was written.`);
  const manifest = parseManifest(content);
  if (!manifest) throw new StartupError(`${file} is no backup, or one of a newer release.`);
  return manifest;
}
