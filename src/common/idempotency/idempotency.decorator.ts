import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Response } from 'express';
import { DomainError } from '../errors/domain-error';
import type { AppRequest } from '../http/app-request';
import { documentHeader } from '../openapi/document-header';

/** A request that may come again, and must then do nothing and answer alike. */
export interface IdempotentRequest {
  /** Null when the client sent no key. */
  key: string | null;
  /** Whose key it is. */
  owner: string;
  /** SHA-256 of method, path with query, body, and the content of an uploaded file. */
  hash: Buffer;
  requestId: string;
  /** Tells the client that the answer is a kept one. */
  markReplayed: () => void;
}

/** The request of a route that reads its body by itself, once the hash of the body's bytes is known. */
export function withBody(request: IdempotentRequest, sha256: Buffer): IdempotentRequest {
  const hash = createHash('sha256').update(request.hash).update(sha256).digest();
  return { ...request, hash };
}

const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;

/** The `Idempotency-Key` of a POST: a route that takes it opts into replays. */
export const Idempotent = createParamDecorator(
  (_: unknown, context: ExecutionContext): IdempotentRequest => {
    const request = context.switchToHttp().getRequest<AppRequest>();
    const response = context.switchToHttp().getResponse<Response>();
    return {
      key: keyOf(request),
      owner: request.user?.id ?? 'anonymous',
      hash: hashOf(request),
      requestId: request.id,
      markReplayed: () => response.setHeader('Idempotent-Replayed', 'true'),
    };
  },
  [
    documentHeader('Idempotency-Key', 'The same key, user and body within 24 h get the first answer again.', {
      minLength: 1,
      maxLength: 255,
    }),
  ],
);

/** @throws DomainError `malformed_request` */
function keyOf({ headers }: AppRequest): string | null {
  const key = headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key !== 'string' || !VISIBLE_ASCII.test(key)) {
    throw new DomainError('malformed_request', 'Idempotency-Key takes 1 to 255 visible ASCII characters.');
  }
  return key;
}

/** Of a form not the bytes as they came: the boundary between its parts is another one in each retry. */
function hashOf({ method, originalUrl, body, file }: AppRequest): Buffer {
  const hash = createHash('sha256').update(`${method} ${originalUrl} ${JSON.stringify(body)}`);
  if (file) hash.update(file.buffer);
  return hash.digest();
}
