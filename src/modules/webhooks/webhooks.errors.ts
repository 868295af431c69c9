import { DomainError } from '../../common/errors/domain-error';

export const MAX_WEBHOOKS = 20;

export function tooManyWebhooks(): DomainError {
  return new DomainError('too_many_webhooks', `There are at most ${MAX_WEBHOOKS} webhooks.`);
}

export function webhookInactive(): DomainError {
  return new DomainError(
    'webhook_inactive',
    'The webhook is paused or switched off: nothing is delivered to it.',
  );
}
