import { RateLimiterCluster, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

const PATIENCE_MS = 500;

interface LimiterOptions {
  keyPrefix: string;
  points: number;
  duration: number;
}

/**
 * Counts in the primary, together with the other workers of this machine; in this process while the primary does not
 * answer.
 */
export class SharedLimiter extends RateLimiterCluster {
  private readonly own: RateLimiterMemory;

  constructor(options: LimiterOptions) {
    super({ ...options, timeoutMs: PATIENCE_MS });
    this.own = new RateLimiterMemory(options);
  }

  override consume(key: string, points = 1): Promise<RateLimiterRes> {
    return super.consume(key, points).catch((error: unknown) => {
      if (error instanceof RateLimiterRes) throw error;
      return this.own.consume(key, points);
    });
  }

  override block(key: string, seconds: number): Promise<RateLimiterRes> {
    return super.block(key, seconds).catch(() => this.own.block(key, seconds));
  }
}
