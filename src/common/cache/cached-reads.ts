import { Inject, Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { LRUCache } from 'lru-cache';
import { ENV, type Env } from '../../config/env';
import { sendProblem, toProblem } from '../errors/problem.filter';
import { type AppRequest, routeTemplate } from '../http/app-request';
import type { LimitClass } from '../limits/limit.decorator';
import { GuestLimits } from '../limits/guest-limits';
import { Metrics } from '../metrics/metrics';
import type { KeptAnswer } from './answer-cache';
import { CacheGenerations } from './cache-generations';
import type { CacheScope } from './cached.decorator';
import { cacheControlOf, writeKeptHeaders } from './kept-headers';

/** A read that was answered, and is answered alike as long as its generation lasts. */
interface KnownRead {
  scopes: readonly CacheScope[];
  generation: string;
  limitClass: LimitClass;
  /** For the log. */
  route: string | undefined;
  answer: KeptAnswer;
  /** The body as it goes over the wire, from the first time that it is sent from here. */
  bytes?: Buffer;
}

/** The share of the cache's room that is kept known here. The texts are those of the cache; their bytes take as much again. */
const SHARE = 0.5;
const MEGABYTE = 1_000_000;
const OVERHEAD_BYTES = 500;

/**
 * Answers the reads that most taps are, those of guests that were answered before, ahead of the router, the guards, the
 * pipes and the interceptors, which cost several times as much as the answer. Only a request with the very URL of one
 * that has passed all of them is answered here, so that they would have nothing else to say of it; what they add to an
 * answer is added here, too: the count against the rate limit and the headers. The generation is as new as theirs.
 */
@Injectable()
export class CachedReads {
  private readonly known: LRUCache<string, KnownRead>;
  /** Of every public answer. */
  readonly cacheControl: string;

  constructor(
    private readonly generations: CacheGenerations,
    private readonly limits: GuestLimits,
    private readonly metrics: Metrics,
    @Inject(ENV) env: Env,
  ) {
    this.cacheControl = cacheControlOf(env);
    this.known = new LRUCache({
      maxSize: env.CACHE_MEMORY_MB * MEGABYTE * SHARE,
      sizeCalculation: ({ answer }, url) => answer.body.length + url.length + OVERHEAD_BYTES,
      ttl: env.CACHE_TTL_SECONDS * 1000,
    });
  }

  /** Remembers how a request was answered, if it was one that {@link answer} may answer. */
  learn(request: AppRequest, read: Omit<KnownRead, 'route' | 'bytes'>): void {
    if (!isPlainRead(request)) return;
    this.known.set(request.originalUrl, { ...read, route: routeTemplate(request) });
  }

  /** A middleware: answers what is known, and leaves everything else to the router. */
  async answer(incoming: Request, response: Response, next: NextFunction): Promise<void> {
    const request = incoming as AppRequest;
    const read = isPlainRead(request) ? this.known.get(request.originalUrl) : undefined;
    // Whatever is wrong, the long way finds it, too, and says it.
    if (!read || !(await this.answerIfCurrent(read, request, response).catch(() => false))) next();
  }

  private async answerIfCurrent(read: KnownRead, request: AppRequest, response: Response): Promise<boolean> {
    const { name } = await this.generations.current(read.scopes);
    if (name !== read.generation) return false;
    request.route = { path: read.route };
    try {
      await this.limits.count(read.limitClass, request, response);
    } catch (refusal) {
      sendProblem(request, response, toProblem(refusal));
      return true;
    }
    this.metrics.countCacheRequest(true);
    send(read, this.cacheControl, request, response);
    return true;
  }
}

/** One whose answer follows from its URL alone. */
function isPlainRead({ method, headers }: AppRequest): boolean {
  return method === 'GET' && headers.authorization === undefined;
}

/** As Express sends it: without the body to whom has it. */
function send(read: KnownRead, cacheControl: string, request: AppRequest, response: Response): void {
  response.vary('Authorization');
  writeKeptHeaders(read.answer, { isHit: true, cacheControl }, response);
  if (request.fresh) {
    response.removeHeader('Content-Type');
    response.status(304).end();
    return;
  }
  read.bytes ??= Buffer.from(read.answer.body);
  response.setHeader('Content-Length', read.bytes.length);
  response.end(read.bytes);
}
