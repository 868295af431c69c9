import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { SqlFilter } from '../../common/database/sql';
import { notFound } from '../../common/errors/domain-error';
import { Events } from '../../common/events/events';
import { mapPage } from '../../common/http/pagination';
import type { IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Idempotency } from '../../common/idempotency/idempotency.service';
import { Cleaning } from '../../common/jobs/cleaning';
import { Lists } from '../../common/lists/lists';
import { sortOrder } from '../../common/lists/sort-order';
import { ENV, type Env } from '../../config/env';
import { queueDeliveries } from './delivery-queue';
import type { DeliveryPage, DeliveryResponse } from './dto/delivery.response';
import type { ListDeliveriesQuery } from './dto/list-deliveries.query';
import { WebhookDelivery } from './entities/webhook-delivery.entity';
import { Webhook } from './entities/webhook.entity';
import { type EventReference, toDeliveryResponse } from './webhook-view';
import { webhookInactive } from './webhooks.errors';
import { lockWebhook, WebhooksService } from './webhooks.service';

const NEWEST_FIRST = sortOrder(['-createdAt'], { createdAt: { sql: 'created_at', type: 'timestamptz' } });

type NewDelivery = Pick<WebhookDelivery, 'kind' | 'eventId' | 'subjectId' | 'position'>;

const TEST: NewDelivery = { kind: 'test', eventId: null, subjectId: null, position: null };

/** What goes out to webhooks: queued as it happens, and by hand. */
@Injectable()
export class WebhookDeliveriesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly idempotency: Idempotency,
    private readonly lists: Lists,
    private readonly webhooks: WebhooksService,
    events: Events,
    cleaning: Cleaning,
    @Inject(ENV) env: Env,
  ) {
    events.onBatch(queueDeliveries);
    cleaning.remove(
      'webhook_deliveries',
      `created_at < now() - interval '${env.EVENTS_RETENTION_DAYS} days'`,
    );
  }

  /** Newest first. @throws DomainError `not_found` */
  async list(webhookId: string, query: ListDeliveriesQuery): Promise<DeliveryPage> {
    await this.webhooks.get(webhookId);
    const filter = new SqlFilter().add('webhook_id = ?', webhookId).addIf(query.status, 'status = ?');
    const name = `deliveries of ${webhookId}`;
    const page = await this.lists.read({ name, entity: WebhookDelivery, filter, order: NEWEST_FIRST }, query);
    const events = await findEvents(page.data, this.dataSource.manager);
    return mapPage(page, (delivery) => toDeliveryResponse(delivery, events));
  }

  /** Queues a test. @throws DomainError `not_found`, `webhook_inactive` */
  test(webhookId: string, request: IdempotentRequest): Promise<DeliveryResponse> {
    return this.idempotency.run(request, async (tx) => {
      await lockOpen(webhookId, tx);
      return queue(webhookId, TEST, tx);
    });
  }

  /**
   * Queues the event of a delivery once more. It keeps out of the order: it neither waits for others nor do they.
   * @throws DomainError `not_found`, `webhook_inactive`
   */
  redeliver(webhookId: string, deliveryId: string, request: IdempotentRequest): Promise<DeliveryResponse> {
    return this.idempotency.run(request, async (tx) => {
      await lockOpen(webhookId, tx);
      const delivery = await tx.findOneBy(WebhookDelivery, { id: deliveryId, webhookId });
      if (!delivery) throw notFound('delivery');
      return queue(webhookId, delivery.kind === 'test' ? TEST : { ...delivery, kind: 'redelivery' }, tx);
    });
  }
}

/** Locks a webhook that something is to be sent to now, though it may rest. @throws DomainError `not_found`, `webhook_inactive` */
async function lockOpen(id: string, tx: EntityManager): Promise<void> {
  const { isActive, pausedAt } = await lockWebhook(id, tx);
  if (!isActive || pausedAt !== null) throw webhookInactive();
  await tx.update(Webhook, { id }, { restsUntil: null });
}

async function queue(
  webhookId: string,
  { kind, eventId, subjectId, position }: NewDelivery,
  tx: EntityManager,
): Promise<DeliveryResponse> {
  const id = uuidv7();
  await tx.insert(WebhookDelivery, { id, webhookId, kind, eventId, subjectId, position });
  const delivery = await tx.findOneByOrFail(WebhookDelivery, { id });
  return toDeliveryResponse(delivery, await findEvents([delivery], tx));
}

async function findEvents(
  deliveries: readonly WebhookDelivery[],
  manager: EntityManager,
): Promise<Map<string, EventReference>> {
  const ids = deliveries.map(({ eventId }) => eventId).filter((id) => id !== null);
  const events = await manager.query<EventReference[]>(
    'SELECT id, type, position::float8 AS position FROM events WHERE id = ANY ($1::uuid[])',
    [ids],
  );
  return new Map(events.map((event) => [event.id, event]));
}
