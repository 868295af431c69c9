import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';
import { Reflector } from '@nestjs/core';
import { raw } from 'express';
import type { Observable } from 'rxjs';
import { DomainError, invalid, invalidFields } from '../errors/domain-error';
import { HttpProblem } from '../errors/http-problem';
import { assertHarmless, assertKey, assertText } from '../validation/hostile-input';
import type { AppRequest } from './app-request';
import { partsTaken } from './route-arguments';
import { TAKES_BODY } from './takes-body.decorator';

const BODY_LIMIT_BYTES = 100_000;
const JSON_TYPE = 'application/json';
const UTF8_PARAMETER = /^\s*charset\s*=\s*"?utf-?8"?\s*$/i;

const readBytes = raw({ type: () => true, limit: BODY_LIMIT_BYTES, inflate: false });
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads and parses the body after the guards, so that nobody makes us read what they may not send, and
 * every refusal has passed the rate limit. Then checks query and body for what no route takes. A route that takes
 * another media type reads its body by itself, after this.
 */
@Injectable()
export class BodyInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<AppRequest>();
    const takes = argumentsOf(context);
    assertQuery(request, takes.has(RouteParamtypes.QUERY));
    const mediaType = this.reflector.get<string | undefined>(TAKES_BODY, context.getHandler());
    if (mediaType !== undefined) {
      // Of no body at all the route knows what it lacks; of a form it could not tell.
      if (hasBody(request) || mediaType.startsWith('multipart/')) assertType(request, mediaType);
      return next.handle();
    }
    request.body = await readJson(request, context);
    if (!takes.has(RouteParamtypes.BODY)) assertEmpty(request.body);
    return next.handle();
  }
}

/** Which parts of the request the route's method takes. */
function argumentsOf(context: ExecutionContext): Set<RouteParamtypes> {
  return partsTaken(Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name));
}

function assertQuery(request: AppRequest, isTaken: boolean): void {
  const errors = Object.entries(request.query).flatMap(([field, value]) => {
    assertKey(field, field);
    if (typeof value !== 'string')
      return [{ field, code: 'repeated', message: `${field} is given more than once.` }];
    assertDecoded(value, field);
    return isTaken
      ? []
      : [{ field, code: 'unknown_property', message: `${field} is not a known parameter.` }];
  });
  if (errors.length > 0) throw invalidFields(errors);
}

/** Percent-encoded bytes that are no UTF-8, a lone surrogate among them, arrive as the replacement character. */
function assertDecoded(value: string, field: string): void {
  assertText(value, field);
  if (value.includes('\uFFFD')) throw invalid(field, 'invalid_text', `${field} must be text in UTF-8.`);
}

async function readJson(request: AppRequest, context: ExecutionContext): Promise<unknown> {
  if (request.method === 'GET' || request.method === 'HEAD' || !hasBody(request)) return {};
  assertType(request, JSON_TYPE);
  const bytes = await readRaw(request, context);
  if (bytes.length === 0) return {};
  const body = parse(bytes);
  assertHarmless(body);
  return body;
}

function hasBody({ headers }: AppRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * The type in UTF-8, which a parameter may say; a form names its boundary. Nothing is unpacked: what is small packed
 * may be large.
 * @throws HttpProblem `unsupported_media_type`
 */
function assertType({ headers }: AppRequest, mediaType: string): void {
  const { 'content-type': given = '', 'content-encoding': encoding = 'identity' } = headers;
  const [type = '', ...parameters] = given.split(';');
  const isType = type.trim().toLowerCase() === mediaType && parameters.length <= 1;
  const isFit = mediaType.startsWith('multipart/') || parameters.every((one) => UTF8_PARAMETER.test(one));
  if (isType && isFit && encoding.toLowerCase() === 'identity') return;
  throw new HttpProblem('unsupported_media_type', `Send the body as ${mediaType} in UTF-8, uncompressed.`);
}

function readRaw(request: AppRequest, context: ExecutionContext): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    readBytes(request, context.switchToHttp().getResponse(), (error?: unknown) => {
      if (error) reject(toReadProblem(error));
      else resolve(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
    });
  });
}

function toReadProblem(error: unknown): Error {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  if (status === 413) return new HttpProblem('body_too_large');
  if (status === 415) return new HttpProblem('unsupported_media_type');
  return new DomainError('malformed_request', 'The body ended before it was whole.');
}

/** Only objects: no route takes an array or a bare value. */
function parse(bytes: Buffer): unknown {
  let body: unknown;
  try {
    body = JSON.parse(utf8.decode(bytes));
  } catch {
    throw new DomainError('malformed_json', 'The body is not valid JSON in UTF-8.');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new DomainError('malformed_json', 'The body must be a JSON object.');
  }
  return body;
}

function assertEmpty(body: unknown): void {
  const keys = Object.keys(body as object);
  if (keys.length === 0) return;
  throw invalidFields(
    keys.map((field) => ({ field, code: 'unknown_property', message: `${field} is not a known property.` })),
  );
}
