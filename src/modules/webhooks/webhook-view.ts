import type { PositionedEvent } from '../../common/events/events';
import type { DeliveryResponse } from './dto/delivery.response';
import type { WebhookResponse } from './dto/webhook.response';
import type { WebhookDelivery } from './entities/webhook-delivery.entity';
import type { Webhook } from './entities/webhook.entity';

/** What the API shows of a webhook: never a secret. */
export function toWebhookResponse(webhook: Webhook): WebhookResponse {
  const { id, url, events, description, isActive, pausedAt, pauseReason, failingSince, replayAfter } =
    webhook;
  return {
    id,
    url,
    events,
    description,
    isActive,
    isPaused: pausedAt !== null,
    pausedAt: pausedAt?.toISOString() ?? null,
    pauseReason,
    failingSince: failingSince?.toISOString() ?? null,
    replayAfter: replayAfter === null ? null : Number(replayAfter),
    createdAt: webhook.createdAt.toISOString(),
    updatedAt: webhook.updatedAt.toISOString(),
  };
}

/** What is shown of a delivery's event beside it. */
export type EventReference = Pick<PositionedEvent, 'id' | 'type' | 'position'>;

export function toDeliveryResponse(
  delivery: WebhookDelivery,
  events: ReadonlyMap<string, EventReference>,
): DeliveryResponse {
  const { id, eventId, kind, status, attempts, responseStatus, error, durationMs } = delivery;
  return {
    id,
    kind,
    event: eventId === null ? null : (events.get(eventId) ?? null),
    status,
    attempt: attempts,
    responseStatus,
    error,
    durationMs,
    at: delivery.lastAttemptAt?.toISOString() ?? null,
    nextAttemptAt: delivery.nextAttemptAt?.toISOString() ?? null,
    createdAt: delivery.createdAt.toISOString(),
  };
}
