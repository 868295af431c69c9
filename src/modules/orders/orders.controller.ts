import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Put,
  Query,
  Res,
  type StreamableFile,
} from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { CurrentUser, Roles, SignedIn, Staff } from '../../common/auth/access.decorators';
import type { AuthenticatedUser } from '../../common/auth/authenticated-user';
import { Precondition } from '../../common/http/etag';
import { sendEvents, Streamed, type StreamRequest } from '../../common/http/event-stream';
import { Etag, IfMatch, Location } from '../../common/http/http.decorators';
import { IdPipe } from '../../common/http/path.pipes';
import { Idempotent, type IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Limit } from '../../common/limits/limit.decorator';
import { Problems } from '../../common/openapi/problems.decorator';
import {
  CancelOrderDto,
  ChangePaymentStatusDto,
  ChangeStatusDto,
  UpdateOrderDto,
} from './dto/change-order.dto';
import { ListOrdersQuery } from './dto/list-orders.query';
import { OrderEventList, OrderPage, OrderResponse } from './dto/order.response';
import { PlaceOrderDto } from './dto/place-order.dto';
import { ApiOrderEvents } from './order-events.openapi';
import { OrderStreamsService } from './order-streams.service';
import { orderTag } from './order-view';
import { OrdersService } from './orders.service';
import { PlaceOrderService } from './place-order.service';

@ApiTags('Orders')
@ApiBearerAuth()
@SignedIn()
@Limit('account')
@Controller('orders')
export class OrdersController {
  constructor(
    private readonly orders: OrdersService,
    private readonly placing: PlaceOrderService,
    private readonly streams: OrderStreamsService,
  ) {}

  /** Places an order of the given items, or of the cart, which is emptied. */
  @Post()
  @Limit('placeOrder')
  @Etag(orderTag)
  @Location<OrderResponse>(({ id }) => `/orders/${id}`)
  @Problems(
    'cart_empty',
    'product_unavailable',
    'insufficient_stock',
    'currency_mismatch',
    'price_changed',
    'coupon_exhausted',
    'idempotency_in_progress',
    'coupon_not_found',
    'coupon_inactive',
    'coupon_not_started',
    'coupon_expired',
    'coupon_currency',
    'coupon_min_purchase',
    'idempotency_key_reused',
  )
  place(
    @Body() dto: PlaceOrderDto,
    @CurrentUser() user: AuthenticatedUser,
    @Idempotent() request: IdempotentRequest,
  ): Promise<OrderResponse> {
    return this.placing.place(user, dto, request);
  }

  /** Lists one's own orders, newest first. Staff see all. */
  @Get()
  list(@Query() query: ListOrdersQuery, @CurrentUser() user: AuthenticatedUser): Promise<OrderPage> {
    return this.orders.list(query, user);
  }

  /** Shows an order: one's own, or for staff anyone's. */
  @Get(':id')
  @Etag(orderTag)
  @Problems('not_found')
  get(@Param('id', IdPipe) id: string, @CurrentUser() user: AuthenticatedUser): Promise<OrderResponse> {
    return this.orders.get(id, user);
  }

  /** Moves an order along: pending, processing, shipped, delivered; or cancelled before it ships. */
  @Put(':id/status')
  @Staff()
  @Limit('staff')
  @Etag(orderTag)
  @Problems('not_found', 'illegal_transition', 'version_mismatch')
  changeStatus(
    @Param('id', IdPipe) id: string,
    @Body() dto: ChangeStatusDto,
    @CurrentUser() user: AuthenticatedUser,
    @IfMatch() ifMatch: Precondition,
  ): Promise<OrderResponse> {
    return this.orders.changeStatus(id, dto, user, ifMatch);
  }

  /** Records a payment, or its refund: unpaid, paid, refunded. */
  @Put(':id/payment-status')
  @Staff()
  @Limit('staff')
  @Etag(orderTag)
  @Problems('not_found', 'illegal_transition', 'version_mismatch')
  changePaymentStatus(
    @Param('id', IdPipe) id: string,
    @Body() dto: ChangePaymentStatusDto,
    @CurrentUser() user: AuthenticatedUser,
    @IfMatch() ifMatch: Precondition,
  ): Promise<OrderResponse> {
    return this.orders.changePaymentStatus(id, dto, user, ifMatch);
  }

  /** Changes tracking number and note. */
  @Patch(':id')
  @Staff()
  @Limit('staff')
  @Etag(orderTag)
  @Problems('not_found', 'version_mismatch')
  update(
    @Param('id', IdPipe) id: string,
    @Body() dto: UpdateOrderDto,
    @CurrentUser() user: AuthenticatedUser,
    @IfMatch() ifMatch: Precondition,
  ): Promise<OrderResponse> {
    return this.orders.update(id, dto, user, ifMatch);
  }

  /** Cancels an order: the customer while it is pending, staff until it ships. Stock and coupon use come back. */
  @Post(':id/cancel')
  @HttpCode(200)
  @Etag(orderTag)
  @Problems('not_found', 'illegal_transition', 'idempotency_in_progress', 'version_mismatch')
  cancel(
    @Param('id', IdPipe) id: string,
    @Body() { reason = null }: CancelOrderDto,
    @CurrentUser() user: AuthenticatedUser,
    @IfMatch() ifMatch: Precondition,
    @Idempotent() request: IdempotentRequest,
  ): Promise<OrderResponse> {
    return this.orders.cancel(id, reason, user, ifMatch, request);
  }

  /** Deletes an order: cancels it first when that is possible, then removes it from every list and read. */
  @Delete(':id')
  @Roles('ADMIN')
  @Limit('staff')
  @HttpCode(204)
  @Problems('not_found', 'version_mismatch')
  remove(
    @Param('id', IdPipe) id: string,
    @CurrentUser() user: AuthenticatedUser,
    @IfMatch() ifMatch: Precondition,
  ): Promise<void> {
    return this.orders.remove(id, user, ifMatch);
  }

  /**
   * Lists the history of an order, oldest first; or with `Accept: text/event-stream` follows it.
   * @remarks A stream sends what is there, or what came after `Last-Event-ID`, and then each event as it happens: `event` is `order_event`, `id` the event's, `data` its JSON. An id that is none of this order's events is as no id: the stream begins with the first event. A comment line comes every 15 seconds. The stream goes on after the order is delivered or cancelled, since its payment may still change. It ends when the access token expires; within 15 seconds of the end of the session, the user, the order or the right to see it; and when the server restarts. Ask again with `Last-Event-ID` then: nothing is missed and nothing comes twice, or the refusal says why. Too many streams of one user are a 429, of all users a 503.
   */
  @Get(':id/events')
  @ApiOrderEvents()
  @Problems('not_found')
  async listEvents(
    @Param('id', IdPipe) id: string,
    @CurrentUser() user: AuthenticatedUser,
    @Streamed() streamed: StreamRequest | null,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OrderEventList | StreamableFile> {
    return streamed
      ? sendEvents(await this.streams.follow(id, user, streamed.lastEventId), response)
      : this.orders.listEvents(id, user);
  }
}
