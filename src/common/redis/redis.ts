import type { createClient } from '@redis/client';
import type { Logger } from 'pino';

/** Injection token of the Redis connection, null when none is configured. */
export const REDIS = Symbol('REDIS');

const COMMAND_TIMEOUT_MS = 100;
const CONNECT_TIMEOUT_MS = 1_000;
const FAILURES_TO_OPEN = 5;
const OPEN_MS = 1_000;

/** Commands fail at once while Redis is away, and the client reconnects by itself. */
function settingsOf(url: string) {
  return {
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: 5_000,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** Math.min(retries, 6), 2_000),
    },
  } satisfies Parameters<typeof createClient>[0];
}

type RedisClient = ReturnType<typeof createClient>;

/**
 * Redis as the shop uses it: every command answers within 100 ms or fails. After five failures in a row none is
 * tried for a second, and then one alone, as long as Redis does not answer: the others need not wait to learn that.
 * What needs Redis must do without it.
 */
export class Redis {
  private failures = 0;
  private openUntil = 0;

  private constructor(
    private readonly client: RedisClient,
    logger: Logger,
  ) {
    // Without a listener the process dies when Redis goes away.
    this.client.on('error', (error: Error) => logger.debug({ err: error }, 'redis'));
  }

  /** The client has a file for each command of Redis: it is loaded where there is one to send them to. */
  static async at(url: string, logger: Logger): Promise<Redis> {
    const { createClient } = await import('@redis/client');
    return new Redis(createClient(settingsOf(url)), logger);
  }

  get isReady(): boolean {
    return this.client.isReady && Date.now() >= this.openUntil;
  }

  /** Waits at most a second: the shop starts without Redis, too. */
  async connect(): Promise<void> {
    await Promise.race([this.client.connect().catch(() => undefined), rejectAfter(CONNECT_TIMEOUT_MS)]).catch(
      () => undefined,
    );
  }

  async disconnect(): Promise<void> {
    if (this.client.isOpen) await this.client.disconnect();
  }

  /** Runs a Lua script. @throws Error when Redis does not answer in time */
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown> {
    return this.guard(() => this.client.eval(script, options));
  }

  /** @throws Error when Redis does not answer in time */
  get(key: string): Promise<string | null> {
    return this.guard(() => this.client.get(key));
  }

  /** @throws Error when Redis does not answer in time */
  set(key: string, value: string, options: { PX: number }): Promise<string | null> {
    return this.guard(() => this.client.set(key, value, options));
  }

  /** Several commands in one step, which is to answer in time like a single one. */
  multi(): ReturnType<RedisClient['multi']> {
    const multi = this.client.multi();
    const execute = multi.exec.bind(multi);
    return Object.assign(multi, { exec: (isPipeline?: boolean) => this.guard(() => execute(isPipeline)) });
  }

  /** @throws Error when Redis does not answer in time */
  ping(): Promise<unknown> {
    return this.guard(() => this.client.ping());
  }

  private async guard<T>(command: () => Promise<T>): Promise<T> {
    if (Date.now() < this.openUntil) throw new Error('Redis is left alone after failures');
    if (this.failures >= FAILURES_TO_OPEN) this.openUntil = Date.now() + COMMAND_TIMEOUT_MS;
    try {
      const result = await Promise.race([command(), rejectAfter(COMMAND_TIMEOUT_MS)]);
      this.failures = 0;
      this.openUntil = 0;
      return result;
    } catch (error) {
      this.countFailure();
      throw error;
    }
  }

  private countFailure(): void {
    this.failures += 1;
    if (this.failures < FAILURES_TO_OPEN) return;
    this.openUntil = Date.now() + OPEN_MS;
  }
}

function rejectAfter(milliseconds: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error('Redis did not answer in time')), milliseconds).unref();
  });
}
