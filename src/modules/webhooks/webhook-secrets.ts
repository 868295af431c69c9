import { createHash, createHmac, randomBytes } from 'node:crypto';
import { sealed, sealOf, unsealed } from '../../common/idempotency/seal';
import type { Env } from '../../config/env';

const PREFIX = 'whsec_';
const BYTES = 32;

/** A signing secret as Standard Webhooks writes it. */
export function newWebhookSecret(): string {
  return `${PREFIX}${randomBytes(BYTES).toString('base64')}`;
}

/** Encrypts a secret for the table, bound to its webhook: in another row it does not open. */
export function sealSecret(secret: string, webhookId: string, env: Env): string {
  return sealed(secret, sealFor(webhookId, env.WEBHOOKS_SECRET ?? env.JWT_SECRET));
}

/**
 * Opens what {@link sealSecret} made, with the secret of today or one that was in its place.
 * @throws Error when none of them opens it
 */
export function openSecret(sealedSecret: string, webhookId: string, env: Env): string {
  const keys = [env.WEBHOOKS_SECRET, env.JWT_SECRET, env.JWT_SECRET_PREVIOUS].filter(
    (key) => key !== undefined,
  );
  for (const key of keys) {
    try {
      return unsealed(sealedSecret, sealFor(webhookId, key));
    } catch {
      // Sealed with another one.
    }
  }
  throw new Error('The signing secret cannot be opened: it was sealed under another WEBHOOKS_SECRET');
}

function sealFor(webhookId: string, serverSecret: string): ReturnType<typeof sealOf> {
  return sealOf(serverSecret, createHash('sha256').update(webhookId).digest(), 'webhook secret');
}

export interface SignedMessage {
  id: string;
  /** Seconds since 1970. */
  timestamp: number;
  body: string;
}

/** The `webhook-signature` of Standard Webhooks: one for each secret, with spaces between. */
export function signatureOf({ id, timestamp, body }: SignedMessage, secrets: readonly string[]): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    })
    .join(' ');
}
