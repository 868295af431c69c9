import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DomainError } from '../errors/domain-error';
import { HttpProblem } from '../errors/http-problem';

/** A body that was received whole, in a file that goes with it. */
export interface SpooledBody {
  sha256: Buffer;
  /** From the start, as often as one likes. */
  read(): AsyncIterable<Buffer>;
}

/**
 * Receives a body into a temporary file and works with it, so that memory does not depend on its size. The file has
 * no name from the start: it is gone with the end of the work or of the process, whatever that is.
 * @throws HttpProblem `body_too_large`; the rest of the body is then read and dropped, for the client to see why
 * @throws DomainError `malformed_request` for a body that ends early, `service_unavailable` when the disk is full
 */
export async function withSpooledBody<T>(
  request: IncomingMessage,
  maxBytes: number,
  work: (body: SpooledBody) => Promise<T>,
): Promise<T> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const file = await openNameless();
  try {
    const sha256 = await receive(request, file, maxBytes);
    return await work({ sha256, read: () => file.createReadStream({ start: 0, autoClose: false }) });
  } finally {
    await file.close();
  }
}

async function openNameless(): Promise<FileHandle> {
  const name = path.join(tmpdir(), `cartwright-${randomUUID()}`);
  const file = await open(name, 'wx+', 0o600);
  await unlink(name).catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  return file;
}

/** @returns the hash of the bytes */
async function receive(request: IncomingMessage, file: FileHandle, maxBytes: number): Promise<Buffer> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of bytesOf(request)) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      hash.update(chunk);
      await append(file, chunk);
    }
  } finally {
    request.resume();
  }
  return hash.digest();
}

/** Leaves the request open when the reader stops early: it is still to be answered. */
async function* bytesOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch {
    throw new DomainError('malformed_request', 'The body ended before it was whole.');
  }
}

async function append(file: FileHandle, chunk: Buffer): Promise<void> {
  try {
    await file.appendFile(chunk);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error;
    throw new DomainError('service_unavailable', 'There is no room for the body. Try again later.');
  }
}

function tooLarge(maxBytes: number): HttpProblem {
  return new HttpProblem('body_too_large', `The body is larger than ${maxBytes / 1_000_000} MB.`);
}
