import { shownEvent } from '../../common/events/shown-event';
import type { Env } from '../../config/env';
import type { ClaimedDelivery } from './delivery-queue';
import type { Message } from './send';
import { openSecret, signatureOf } from './webhook-secrets';

/** The type of what `POST /webhooks/:id/test` sends. */
const TEST_TYPE = 'webhook.test';

/**
 * A delivery as it is sent now: signed anew for each attempt, with an id that stays the same.
 * @throws Error when the secret cannot be opened
 */
export function messageOf(delivery: ClaimedDelivery, env: Env): Message {
  const { webhookId, url, secret, previousSecret } = delivery;
  const shown = bodyOf(delivery);
  const body = JSON.stringify(shown);
  const signed = { id: shown.id, timestamp: Math.floor(Date.now() / 1_000), body };
  const sealedSecrets = [secret, ...(previousSecret === null ? [] : [previousSecret])];
  const secrets = sealedSecrets.map((sealedSecret) => openSecret(sealedSecret, webhookId, env));
  return {
    url,
    body,
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': 'Cartwright-Webhooks',
      'webhook-id': signed.id,
      'webhook-timestamp': String(signed.timestamp),
      'webhook-signature': signatureOf(signed, secrets),
    },
  };
}

/** The event as `GET /events` shows it. */
function bodyOf({ id, webhookId, createdAt, event }: ClaimedDelivery): { id: string } {
  if (event) return shownEvent({ ...event, at: new Date(event.at) });
  const subject = { type: 'webhook', id: webhookId };
  return { id, type: TEST_TYPE, subject, position: null, at: createdAt.toISOString(), data: {} } as {
    id: string;
  };
}
