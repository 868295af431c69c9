import { StreamableFile } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { StoredFile } from './file-store';

const FOR_EVER = 'public, max-age=31536000, immutable';

/**
 * Answers with a file that never changes under its URL: 304 for whoever has it, else the file, streamed.
 * @param tag the entity tag, with its quotes
 */
export function sendImmutable(
  file: StoredFile,
  { tag, mediaType }: { tag: string; mediaType: string },
  request: Request,
  response: Response,
): StreamableFile | undefined {
  response.setHeader('Cache-Control', FOR_EVER);
  response.setHeader('ETag', tag);
  if (request.fresh) {
    file.stream.destroy();
    response.status(304);
    return undefined;
  }
  // A failure half-way can only be told by ending the connection early.
  return new StreamableFile(file.stream, { type: mediaType, length: file.length }).setErrorHandler(() =>
    response.destroy(),
  );
}
