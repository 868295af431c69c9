import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { LOGGER } from '../../common/logging/logger';
import { inSpan, type SpanDetails } from '../../common/tracing/tracing';
import { ENV, type Env } from '../../config/env';
import {
  type AttemptResult,
  claimDeliveries,
  type ClaimedDelivery,
  giveBackDelivery,
  noteDelivered,
  noteFailed,
} from './delivery-queue';
import { messageOf } from './message';
import { retryAfterSeconds } from './retry-after';
import { send } from './send';

const POLL_MS = 250;
/** How long attempts may go on when the process is asked to stop. */
const STOP_MS = 3_000;

/**
 * Delivers events to webhooks. An attempt holds no connection and no lock: it is a lease on the delivery, and when the
 * process dies meanwhile, another one makes it again.
 */
@Injectable()
export class WebhookCourier implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private readonly breakingOff = new AbortController();
  private readonly underWay = new Map<string, Promise<void>>();
  /** How many of them are of which webhook. */
  private readonly busy = new Map<string, number>();
  private delivering: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    // Every attempt and every pause listens, each for a while: many at a time are no leak.
    setMaxListeners(0, this.stopping.signal, this.breakingOff.signal);
  }

  onApplicationBootstrap(): void {
    if (this.env.JOBS) this.delivering = this.deliverUntilStopped();
  }

  /** Begins no more, and breaks off what does not come to its end by itself. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.delivering;
    const ended = Promise.all(this.underWay.values());
    await Promise.race([ended, sleep(STOP_MS, undefined, { ref: false })]);
    this.breakingOff.abort();
    await ended;
  }

  private async deliverUntilStopped(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const claimed = await this.claim();
      for (const delivery of claimed) this.start(delivery);
      if (claimed.length > 0) continue;
      const pause = sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
      await Promise.race([pause, ...this.underWay.values()]);
    }
  }

  private async claim(): Promise<ClaimedDelivery[]> {
    try {
      return await claimDeliveries(this.busy, this.dataSource.manager);
    } catch (error) {
      this.logger.error({ event: 'webhook_claim_failed', err: error });
      return [];
    }
  }

  private start(delivery: ClaimedDelivery): void {
    const { id, webhookId, attempts } = delivery;
    const key = `${id} ${attempts}`;
    this.busy.set(webhookId, (this.busy.get(webhookId) ?? 0) + 1);
    const attempt = inSpan('webhook delivery', traceOf(delivery), () => this.deliver(delivery))
      .catch((error: unknown) =>
        this.logger.error({ event: 'webhook_note_failed', deliveryId: id, err: error }),
      )
      .then(() => {
        this.underWay.delete(key);
        this.free(webhookId);
      });
    this.underWay.set(key, attempt);
  }

  private free(webhookId: string): void {
    const left = (this.busy.get(webhookId) ?? 1) - 1;
    if (left > 0) this.busy.set(webhookId, left);
    else this.busy.delete(webhookId);
  }

  /** One attempt. @throws what the database said when its outcome cannot be noted: then it is made again, later */
  private async deliver(delivery: ClaimedDelivery): Promise<void> {
    const result = await this.attempt(delivery);
    if (result.error !== null && this.breakingOff.signal.aborted)
      return giveBackDelivery(delivery, this.dataSource.manager);
    const line = {
      webhookId: delivery.webhookId,
      deliveryId: delivery.id,
      attempt: delivery.attempts,
      ...result,
    };
    if (result.error === null) {
      await this.dataSource.transaction((tx) => noteDelivered(delivery, result, tx));
      this.logger.debug({ event: 'webhook_delivered', ...line });
      return;
    }
    const reason = await this.dataSource.transaction((tx) => noteFailed(delivery, result, tx));
    this.logger.info({ event: 'webhook_failed', ...line });
    if (reason !== null) this.logger.warn({ event: 'webhook_paused', webhookId: delivery.webhookId, reason });
  }

  private async attempt(delivery: ClaimedDelivery): Promise<AttemptResult> {
    const startedAt = performance.now();
    const durationMs = (): number => Math.round(performance.now() - startedAt);
    try {
      const { status, retryAfter } = await send(messageOf(delivery, this.env), {
        timeoutMs: this.env.WEBHOOKS_TIMEOUT_MS,
        allowLoopback: this.env.WEBHOOKS_ALLOW_LOOPBACK,
        signal: this.breakingOff.signal,
      });
      return {
        responseStatus: status,
        error: complaintAbout(status),
        retryAfterSeconds: retryAfterSeconds(status, retryAfter, new Date()),
        durationMs: durationMs(),
      };
    } catch (error) {
      return {
        responseStatus: null,
        error: reasonOf(error),
        retryAfterSeconds: null,
        durationMs: durationMs(),
      };
    }
  }
}

function traceOf({ id, webhookId, attempts, event }: ClaimedDelivery): SpanDetails {
  return {
    cause: event?.traceparent,
    attributes: {
      'webhook.id': webhookId,
      'webhook.delivery.id': id,
      'webhook.delivery.attempt': attempts,
      ...(event && { 'event.id': event.id, 'event.type': event.type }),
    },
  };
}

function complaintAbout(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  return status >= 300 && status < 400
    ? `Answered ${status}: redirects are not followed`
    : `Answered ${status}`;
}

const MAX_REASON_LENGTH = 300;

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Of several addresses that were tried, the error names each and has no message of its own.
  const { message, code } = error as NodeJS.ErrnoException;
  return (message || code || error.name).slice(0, MAX_REASON_LENGTH);
}
