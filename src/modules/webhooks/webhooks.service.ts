import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource, type EntityManager, IsNull, type QueryDeepPartialEntity } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { recordChange } from '../../common/audit/audit';
import type { AuthenticatedUser } from '../../common/auth/authenticated-user';
import { SqlFilter } from '../../common/database/sql';
import { Transactions } from '../../common/database/transactions';
import { notFound } from '../../common/errors/domain-error';
import type { PageQuery } from '../../common/http/page.query';
import { mapPage } from '../../common/http/pagination';
import type { IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Idempotency } from '../../common/idempotency/idempotency.service';
import { Lists } from '../../common/lists/lists';
import { sortOrder } from '../../common/lists/sort-order';
import { LOGGER } from '../../common/logging/logger';
import { definedOf } from '../../common/objects/defined';
import { ENV, type Env } from '../../config/env';
import { LAST_POSITION } from './delivery-queue';
import type { CreateWebhookDto, UpdateWebhookDto } from './dto/webhook.dto';
import type {
  CreatedWebhookResponse,
  RotatedSecretResponse,
  WebhookPage,
  WebhookResponse,
} from './dto/webhook.response';
import { Webhook } from './entities/webhook.entity';
import { assertTarget } from './target';
import { webhookChange } from './webhook-audit';
import { newWebhookSecret, sealSecret } from './webhook-secrets';
import { toWebhookResponse } from './webhook-view';
import { MAX_WEBHOOKS, tooManyWebhooks } from './webhooks.errors';

const NEWEST_FIRST = sortOrder(['-createdAt'], { createdAt: { sql: 'created_at', type: 'timestamptz' } });

/** Any number: who makes a webhook holds it, so that they are counted one after the other. */
const COUNT_LOCK = 727_010;
const OLD_SECRET_HOURS = 24;
const NO_FAILURES = { failures: 0, failingSince: null, restsUntil: null };

/** Webhooks as admins keep them. Each change is a line in the log, with who made it. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
    private readonly lists: Lists,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Newest first. */
  async list(query: PageQuery): Promise<WebhookPage> {
    const filter = new SqlFilter().add('deleted_at IS NULL');
    const list = { name: 'webhooks', entity: Webhook, filter, order: NEWEST_FIRST };
    return mapPage(await this.lists.read(list, query), toWebhookResponse);
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<WebhookResponse> {
    const webhook = await this.dataSource.manager.findOneBy(Webhook, { id, deletedAt: IsNull() });
    if (!webhook) throw notFound('webhook');
    return toWebhookResponse(webhook);
  }

  /** The look at its address comes before the transaction. @throws DomainError `too_many_webhooks`, `validation_failed` */
  async create(
    dto: CreateWebhookDto,
    actor: AuthenticatedUser,
    request: IdempotentRequest,
  ): Promise<CreatedWebhookResponse> {
    const kept = await this.idempotency.findKept<CreatedWebhookResponse>(request);
    if (kept) return kept;
    await this.assertTarget(dto.url);
    const created = await this.idempotency.run(request, (tx) => this.insert(dto, tx));
    if (!request.isReplayed()) this.note('webhook_created', created.id, actor);
    return created;
  }

  /** @throws DomainError `not_found`, `validation_failed` */
  async update(id: string, dto: UpdateWebhookDto, actor: AuthenticatedUser): Promise<WebhookResponse> {
    if (dto.url !== undefined) await this.assertTarget(dto.url);
    const changed = await this.transactions.run(async (tx) => {
      const webhook = await lockWebhook(id, tx);
      await tx.update(Webhook, { id }, { ...changesOf(dto, webhook), updatedAt: () => 'now()' });
      const updated = toWebhookResponse(await tx.findOneByOrFail(Webhook, { id }));
      await recordChange(webhookChange('webhook.updated', id, toWebhookResponse(webhook), updated), tx);
      return updated;
    });
    this.note('webhook_changed', id, actor);
    return changed;
  }

  /** What waits for it is not delivered any more. @throws DomainError `not_found` */
  async remove(id: string, actor: AuthenticatedUser): Promise<void> {
    await this.transactions.run(async (tx) => {
      const webhook = toWebhookResponse(await lockWebhook(id, tx));
      const noSecrets = { secret: null, previousSecret: null, previousSecretUntil: null };
      await tx.update(Webhook, { id }, { ...noSecrets, deletedAt: () => 'now()' });
      await recordChange(webhookChange('webhook.deleted', id, webhook, null), tx);
    });
    this.note('webhook_deleted', id, actor);
  }

  /** The old secret signs along for a day; the one before it does no longer. @throws DomainError `not_found` */
  async rotateSecret(
    id: string,
    actor: AuthenticatedUser,
    request: IdempotentRequest,
  ): Promise<RotatedSecretResponse> {
    const rotated = await this.idempotency.run(request, async (tx) => {
      const { secret: previousSecret, previousSecretUntil: until } = await lockWebhook(id, tx);
      const secret = newWebhookSecret();
      const previousSecretUntil = new Date(Date.now() + OLD_SECRET_HOURS * 3_600_000);
      const sealedSecret = sealSecret(secret, id, this.env);
      await tx.update(Webhook, { id }, { secret: sealedSecret, previousSecret, previousSecretUntil });
      const facts = { before: { previousSecretUntil: until }, after: { previousSecretUntil } };
      await recordChange({ action: 'webhook.secret_rotated', id, ...facts }, tx);
      return { secret, previousSecretUntil: previousSecretUntil.toISOString() };
    });
    if (!request.isReplayed()) this.note('webhook_secret_rotated', id, actor);
    return rotated;
  }

  private async insert(
    { url, events, description = null, isActive }: CreateWebhookDto,
    tx: EntityManager,
  ): Promise<CreatedWebhookResponse> {
    await assertRoom(tx);
    const id = uuidv7();
    const secret = newWebhookSecret();
    const sealedSecret = sealSecret(secret, id, this.env);
    await tx.insert(Webhook, { id, url, events, description, isActive, secret: sealedSecret });
    const created = toWebhookResponse(await tx.findOneByOrFail(Webhook, { id }));
    await recordChange(webhookChange('webhook.created', id, null, created), tx);
    return { ...created, secret };
  }

  private assertTarget(url: string): Promise<void> {
    return assertTarget(url, { allowLoopback: this.env.WEBHOOKS_ALLOW_LOOPBACK });
  }

  private note(event: string, webhookId: string, { id: by }: AuthenticatedUser): void {
    this.logger.info({ event, webhookId, by });
  }
}

/** @throws DomainError `too_many_webhooks` */
async function assertRoom(tx: EntityManager): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [COUNT_LOCK]);
  // A statement of its own: it sees what the lock's last holder committed.
  if ((await tx.countBy(Webhook, { deletedAt: IsNull() })) >= MAX_WEBHOOKS) throw tooManyWebhooks();
}

/** Locks the webhook. @throws DomainError `not_found` */
export async function lockWebhook(id: string, tx: EntityManager): Promise<Webhook> {
  const webhook = await tx.findOne(Webhook, {
    where: { id, deletedAt: IsNull() },
    lock: { mode: 'for_no_key_update' },
  });
  if (!webhook) throw notFound('webhook');
  return webhook;
}

/** A webhook that goes on, or has another address, begins without its past. */
function changesOf(
  { isPaused, ...fields }: UpdateWebhookDto,
  { isActive, pausedAt }: Webhook,
): QueryDeepPartialEntity<Webhook> {
  const isResumed = isPaused === false || (fields.isActive === true && !isActive);
  const isStopped = fields.isActive === false && isActive && pausedAt === null;
  return {
    ...definedOf(fields),
    ...(isPaused === false && { pausedAt: null, pauseReason: null }),
    ...((isResumed || fields.url !== undefined) && NO_FAILURES),
    ...(isStopped && { replayAfter: () => LAST_POSITION }),
  };
}
