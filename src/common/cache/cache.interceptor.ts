import { createHash } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { firstValueFrom, type Observable, of } from 'rxjs';
import { isStaff } from '../auth/authenticated-user';
import { Replicas } from '../database/replicas';
import { type AppRequest, requestPath, requestQuery } from '../http/app-request';
import { LIMIT, type LimitClass } from '../limits/limit.decorator';
import { AnswerCache, type KeptAnswer } from './answer-cache';
import { answerText } from './answer-text';
import { CacheGenerations } from './cache-generations';
import { CACHED, type CacheScope } from './cached.decorator';
import { CachedReads } from './cached-reads';
import { writeKeptHeaders } from './kept-headers';

/**
 * Answers cached routes from what is kept, for everyone but staff, who see drafts and fields of their own. Stands
 * outside of the interceptor that sets headers: they are kept with the answer.
 */
@Injectable()
export class CacheInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly answers: AnswerCache,
    private readonly generations: CacheGenerations,
    private readonly replicas: Replicas,
    private readonly reads: CachedReads,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const scopes = this.reflector.get<CacheScope[] | undefined>(CACHED, context.getHandler());
    if (!scopes) return next.handle();
    const request = context.switchToHttp().getRequest<AppRequest>();
    const response = context.switchToHttp().getResponse<Response>();
    response.vary('Authorization');
    if (isStaff(request.user)) return next.handle();
    // Read before the answer is made: a change in between makes the answer newer than its key says, never older.
    const { name, position } = await this.generations.current(scopes);
    request.generation = name;
    const handle = (): Promise<unknown> => firstValueFrom(next.handle());
    const make = async (): Promise<KeptAnswer> =>
      toKept(await this.replicas.tolerate(position, handle), response);
    const { answer, isHit } = await this.answers.getOrMake(`${name} ${keyOf(request)}`, make);
    writeKeptHeaders(answer, { isHit, cacheControl: this.reads.cacheControl }, response);
    const limitClass = this.reflector.getAllAndOverride<LimitClass>(LIMIT, [
      context.getHandler(),
      context.getClass(),
    ]);
    this.reads.learn(request, { scopes, generation: name, limitClass, answer });
    return of(answer.body);
  }
}

/** Path and parameters in one form, whatever their order. */
function keyOf(request: AppRequest): string {
  const query = requestQuery(request);
  query.sort();
  return `${requestPath(request).replace(/\/+$/, '')}?${query.toString()}`;
}

/** The answer with the headers that were set for it. */
function toKept(body: unknown, response: Response): KeptAnswer {
  const text = answerText(body);
  const [etag, link] = [response.getHeader('ETag'), response.getHeader('Link')];
  return {
    body: text,
    etag: typeof etag === 'string' ? etag : tagOf(text),
    link: typeof link === 'string' ? link : null,
  };
}

function tagOf(text: string): string {
  return `"${createHash('sha1').update(text).digest('base64url')}"`;
}
