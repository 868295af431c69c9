import type { Readable } from 'node:stream';

/** Injection token of the {@link FileStore}. */
export const FILE_STORE = Symbol('FILE_STORE');

export interface StoredFile {
  /** Read it to its end, or destroy it. */
  stream: Readable;
  /** In bytes. */
  length: number;
}

/** Keeps files under keys such as `images/ID/large.webp`. What is under a key never changes. */
export interface FileStore {
  write(key: string, content: Buffer, mediaType: string): Promise<void>;
  /** Null when there is no such file. */
  open(key: string): Promise<StoredFile | null>;
  /** A file that is not there is no error. */
  remove(key: string): Promise<void>;
}
