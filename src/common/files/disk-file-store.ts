import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FileStore, StoredFile } from './file-store';

/** Files below one directory, which is made when it is first needed. */
export class DiskFileStore implements FileStore {
  constructor(private readonly directory: string) {}

  /** Under another name first: whoever reads finds the whole file or none, also after a crash. */
  async write(key: string, content: Buffer): Promise<void> {
    const file = this.pathOf(key);
    const draft = `${file}.${randomUUID()}.part`;
    await mkdir(path.dirname(file), { recursive: true });
    try {
      await writeFile(draft, content, { flush: true });
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  async open(key: string): Promise<StoredFile | null> {
    try {
      const handle = await open(this.pathOf(key));
      const { size } = await handle.stat();
      return { stream: handle.createReadStream(), length: size };
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    const file = this.pathOf(key);
    await rm(file, { force: true });
    try {
      await rmdir(path.dirname(file));
    } catch (error) {
      if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error;
    }
  }

  private pathOf(key: string): string {
    return path.join(this.directory, ...key.split('/'));
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
