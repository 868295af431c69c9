import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Roles } from '../../common/auth/access.decorators';
import type { AuthenticatedUser } from '../../common/auth/authenticated-user';
import { Location } from '../../common/http/http.decorators';
import { PageQuery } from '../../common/http/page.query';
import { IdPipe } from '../../common/http/path.pipes';
import { Idempotent, type IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Limit } from '../../common/limits/limit.decorator';
import { Problems } from '../../common/openapi/problems.decorator';
import { DeliveryPage, DeliveryResponse } from './dto/delivery.response';
import { ListDeliveriesQuery } from './dto/list-deliveries.query';
import { CreateWebhookDto, UpdateWebhookDto } from './dto/webhook.dto';
import {
  CreatedWebhookResponse,
  RotatedSecretResponse,
  WebhookPage,
  WebhookResponse,
} from './dto/webhook.response';
import { WebhookDeliveriesService } from './webhook-deliveries.service';
import { WebhooksService } from './webhooks.service';

@ApiTags('Webhooks')
@ApiBearerAuth()
@Roles('ADMIN')
@Limit('staff')
@Controller('webhooks')
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly deliveries: WebhookDeliveriesService,
  ) {}

  /** Lists the webhooks, newest first. */
  @Get()
  list(@Query() query: PageQuery): Promise<WebhookPage> {
    return this.webhooks.list(query);
  }

  /** Shows a webhook. */
  @Get(':id')
  @Problems('not_found')
  get(@Param('id', IdPipe) id: string): Promise<WebhookResponse> {
    return this.webhooks.get(id);
  }

  /**
   * Makes a webhook: an address that is told of events from now on.
   * @remarks The answer has its secret, which is never shown again. Deliveries are POSTs of an event as `GET /events` shows it, signed as Standard Webhooks has it: `webhook-id` (the event's, the same in each attempt), `webhook-timestamp` (refuse one that is more than 5 minutes off), `webhook-signature` (`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`). Events of one order or product come one after the other, each at least once. What is not answered with 2xx within 10 s is tried again, for a day. Redirects are not followed. There are at most 20 webhooks.
   */
  @Post()
  @Location<CreatedWebhookResponse>(({ id }) => `/webhooks/${id}`)
  @Problems('too_many_webhooks')
  create(
    @Body() dto: CreateWebhookDto,
    @CurrentUser() user: AuthenticatedUser,
    @Idempotent({ isSecret: true }) request: IdempotentRequest,
  ): Promise<CreatedWebhookResponse> {
    return this.webhooks.create(dto, user, request);
  }

  /**
   * Changes the given fields of a webhook, or lets one that was paused go on.
   * @remarks A webhook that is paused or inactive gets nothing, also later: `replayAfter` says from where on `GET /events` has what it missed.
   */
  @Patch(':id')
  @Problems('not_found')
  update(
    @Param('id', IdPipe) id: string,
    @Body() dto: UpdateWebhookDto,
    @CurrentUser() user: AuthenticatedUser,
  ): Promise<WebhookResponse> {
    return this.webhooks.update(id, dto, user);
  }

  /** Deletes a webhook. What waits for it is not delivered any more. */
  @Delete(':id')
  @HttpCode(204)
  @Problems('not_found')
  remove(@Param('id', IdPipe) id: string, @CurrentUser() user: AuthenticatedUser): Promise<void> {
    return this.webhooks.remove(id, user);
  }

  /** Gives a webhook another secret. For 24 hours deliveries are signed with the old one, too. */
  @Post(':id/rotate-secret')
  @HttpCode(200)
  @Problems('not_found')
  rotateSecret(
    @Param('id', IdPipe) id: string,
    @CurrentUser() user: AuthenticatedUser,
    @Idempotent({ isSecret: true }) request: IdempotentRequest,
  ): Promise<RotatedSecretResponse> {
    return this.webhooks.rotateSecret(id, user, request);
  }

  /** Sends a `webhook.test` to a webhook, once. How it went is in the list of deliveries. */
  @Post(':id/test')
  @Location((_, { params }) => `/webhooks/${String(params.id)}/deliveries`)
  @Problems('not_found', 'webhook_inactive')
  test(@Param('id', IdPipe) id: string, @Idempotent() request: IdempotentRequest): Promise<DeliveryResponse> {
    return this.deliveries.test(id, request);
  }

  /** Lists the deliveries to a webhook, newest first, each with how its last attempt went. */
  @Get(':id/deliveries')
  @Problems('not_found')
  listDeliveries(
    @Param('id', IdPipe) id: string,
    @Query() query: ListDeliveriesQuery,
  ): Promise<DeliveryPage> {
    return this.deliveries.list(id, query);
  }

  /** Delivers an event once more, with the same `webhook-id`: at once, whatever else waits. */
  @Post(':id/deliveries/:deliveryId/redeliver')
  @Location((_, { params }) => `/webhooks/${String(params.id)}/deliveries`)
  @Problems('not_found', 'webhook_inactive')
  redeliver(
    @Param('id', IdPipe) id: string,
    @Param('deliveryId', IdPipe) deliveryId: string,
    @Idempotent() request: IdempotentRequest,
  ): Promise<DeliveryResponse> {
    return this.deliveries.redeliver(id, deliveryId, request);
  }
}
