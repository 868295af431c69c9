import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Response } from 'express';
import { cartTokenOf } from '../auth/cart-token';
import { hashOfSecret } from '../auth/secrets';
import { DomainError } from '../errors/domain-error';
import type { AppRequest } from '../http/app-request';
import { callerOf } from '../limits/caller';
import { documentHeader } from '../openapi/document-header';

/** A request that may come again, and must then do nothing and answer alike. */
export interface IdempotentRequest {
  /** Null when the client sent no key. */
  key: string | null;
  /** Whose key it is. */
  owner: string;
  /** SHA-256 of method, path with query, body, and the content of an uploaded file. */
  hash: Buffer;
  /** It, or its answer, holds a password or a token: nothing of that may be kept so that a reader of the table has it. */
  isSecret: boolean;
  requestId: string;
  /** Tells the client that the answer is a kept one. */
  markReplayed: () => void;
  /** Whether it is: what follows the first answer, such as a line of the log, has been done then. */
  isReplayed: () => boolean;
}

interface IdempotencyOptions {
  isSecret?: boolean;
  /** Whose the keys of this route are. */
  owner?: keyof typeof OWNERS;
}

/** The same key of two owners is two keys. */
const OWNERS = {
  /** The user's, or the guest's who has a cart. */
  caller: (request: AppRequest): string => {
    const token = cartTokenOf(request);
    return request.user?.id ?? (token ? `cart:${hashOfSecret(token).toString('base64url')}` : 'anyone');
  },
  /** Everyone's together: for requests that hold what only one person knows, so that nobody else can repeat them. */
  anyone: (): string => 'anyone',
  /** The client address's: for requests that hold nothing by which one could be told from another. */
  address: ({ ip }: AppRequest): string => callerOf(ip),
};

/** The request of a route that reads its body by itself, once the hash of the body's bytes is known. */
export function withBody(request: IdempotentRequest, sha256: Buffer): IdempotentRequest {
  const hash = createHash('sha256').update(request.hash).update(sha256).digest();
  return { ...request, hash };
}

const REPLAYED = 'Idempotent-Replayed';
const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;

/** The `Idempotency-Key` of a POST: a route that takes it opts into replays. */
export const Idempotent = createParamDecorator(
  (options: IdempotencyOptions | undefined, context: ExecutionContext): IdempotentRequest => {
    const request = context.switchToHttp().getRequest<AppRequest>();
    const response = context.switchToHttp().getResponse<Response>();
    return {
      key: keyOf(request),
      owner: OWNERS[options?.owner ?? 'caller'](request),
      hash: hashOf(request),
      isSecret: options?.isSecret ?? false,
      requestId: request.id,
      markReplayed: () => response.setHeader(REPLAYED, 'true'),
      isReplayed: () => response.hasHeader(REPLAYED),
    };
  },
  [
    documentHeader(
      'Idempotency-Key',
      'Chosen at random, such as a UUID: the same key, user and body within 24 h get the first answer again.',
      { minLength: 1, maxLength: 255 },
    ),
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

/** JSON whose members are sorted by name: apps that encode a request anew for each try send them in any order. */
function canonical(body: unknown): string {
  return JSON.stringify(body, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}

/** Of a form not the bytes as they came: the boundary between its parts is another one in each retry. */
function hashOf({ method, originalUrl, body, file }: AppRequest): Buffer {
  const hash = createHash('sha256').update(`${method} ${originalUrl} ${canonical(body)}`);
  if (file) hash.update(file.buffer);
  return hash.digest();
}
