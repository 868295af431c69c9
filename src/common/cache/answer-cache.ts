import { CACHE_MANAGER, type Cache } from '@nestjs/cache-manager';
import { Inject, Injectable } from '@nestjs/common';
import { ENV, type Env } from '../../config/env';
import { Metrics } from '../metrics/metrics';

/** An answer as it is sent. */
export interface KeptAnswer {
  /** JSON, ready to send. */
  body: string;
  etag: string;
  link: string | null;
}

const JITTER = 0.1;

/**
 * Keeps answers in this process, and in Redis for the other instances. Keys name the generation that an answer is
 * of, so nothing is ever overwritten or taken out: what is outdated is not asked for any more.
 */
@Injectable()
export class AnswerCache {
  private readonly inFlight = new Map<string, Promise<KeptAnswer>>();
  private readonly lifetimeMs: number;

  constructor(
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
    @Inject(ENV) env: Env,
    private readonly metrics: Metrics,
  ) {
    this.lifetimeMs = env.CACHE_TTL_SECONDS * 1000;
  }

  /**
   * The kept answer, or the one that `make` gives, which is kept. Whoever asks for the same key meanwhile waits for
   * it: an answer is made once at a time.
   */
  async getOrMake(
    key: string,
    make: () => Promise<KeptAnswer>,
  ): Promise<{ answer: KeptAnswer; isHit: boolean }> {
    const outcome = await this.findOrMake(key, make);
    this.metrics.countCacheRequest(outcome.isHit);
    return outcome;
  }

  private async findOrMake(
    key: string,
    make: () => Promise<KeptAnswer>,
  ): Promise<{ answer: KeptAnswer; isHit: boolean }> {
    const waiting = this.inFlight.get(key);
    if (waiting) return { answer: await waiting, isHit: true };
    let isHit = true;
    const work = this.find(key).then((kept) => {
      isHit = kept !== undefined;
      return kept ?? this.makeAndKeep(key, make);
    });
    this.inFlight.set(key, work);
    try {
      return { answer: await work, isHit };
    } finally {
      this.inFlight.delete(key);
    }
  }

  private async find(key: string): Promise<KeptAnswer | undefined> {
    const [near, ...far] = this.cache.stores;
    for (const store of [near, ...far]) {
      const found = await store?.get<unknown>(key);
      if (!isKept(found)) continue;
      if (store !== near) await near?.set(key, found, this.jitteredLifetime());
      return found;
    }
    return undefined;
  }

  private async makeAndKeep(key: string, make: () => Promise<KeptAnswer>): Promise<KeptAnswer> {
    const answer = await make();
    const [near, ...far] = this.cache.stores;
    await near?.set(key, answer, this.jitteredLifetime());
    // Redis may take its time, or be away: nobody waits for it.
    for (const store of far) void store.set(key, answer, this.jitteredLifetime()).catch(() => undefined);
    return answer;
  }

  /** Ten percent up or down, so that what was kept together does not end together. */
  private jitteredLifetime(): number {
    return Math.round(this.lifetimeMs * (1 + JITTER * (2 * Math.random() - 1)));
  }
}

/** Redis may hold anything: what cannot be sent as headers is not ours. */
function isKept(found: unknown): found is KeptAnswer {
  if (typeof found !== 'object' || found === null) return false;
  const { body, etag, link } = found as Partial<Record<keyof KeptAnswer, unknown>>;
  return typeof body === 'string' && isHeader(etag) && (link === null || isHeader(link));
}

function isHeader(value: unknown): value is string {
  return typeof value === 'string' && /^[\x20-\x7e]+$/.test(value);
}
