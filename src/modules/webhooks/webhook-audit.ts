import type { AuditAction, AuditedChange } from '../../common/audit/audit';
import type { Facts } from '../../common/audit/audited-facts';
import type { WebhookResponse } from './dto/webhook.response';

type WebhookAction = Extract<AuditAction, `webhook.${string}`>;

/** That an admin changed a webhook. Many addresses have a token in their path: only the host is kept. */
export function webhookChange(
  action: WebhookAction,
  id: string,
  before: WebhookResponse | null,
  after: WebhookResponse | null,
): AuditedChange {
  const facts = { before: before && factsOf(before), after: after && factsOf(after) };
  return { action, id, ...facts, hidden: ['url'] };
}

function factsOf({ url, events, description, isActive, isPaused }: WebhookResponse): Facts {
  return { url, host: new URL(url).host, events, description, isActive, isPaused };
}
