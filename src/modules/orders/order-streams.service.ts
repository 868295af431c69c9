import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { type AuthenticatedUser, isStaff, type SessionUser } from '../../common/auth/authenticated-user';
import { LiveSessions } from '../../common/auth/live-sessions';
import { DomainError, notFound } from '../../common/errors/domain-error';
import { EventStream } from '../../common/http/event-stream';
import { isUuid } from '../../common/http/path.pipes';
import { LOGGER } from '../../common/logging/logger';
import { Notifications } from '../../common/notifications/notifications';
import { ENV, type Env } from '../../config/env';
import { OrderEvent } from './entities/order-event.entity';
import { Order } from './entities/order.entity';
import { isVisibleTo, visibleTo } from './order-access';
import { type OrderHistory, readHistories } from './order-histories';
import { toEventResponse } from './order-view';

/** What the trigger on the table of events notifies, with the id of the order. */
const CHANNEL = 'order_events';

/** When there may be room for another stream. */
const FULL = { retryAfterSeconds: 10 };

/** The wait before a reading that failed is tried again. */
const RETRY_MS = 1_000;

/** A stream, and how far it has come. */
interface Follower {
  readonly orderId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly stream: EventStream;
  /** The `seq` of the last event that was sent. */
  position: bigint;
}

/**
 * The live streams of this process. A notification only says of which order there is more to read; a stream reads what
 * comes after its position, so that it gets every event once and in order, whatever was notified, lost or repeated.
 * All that falls due while one reading runs is the next one's: streams never use more than one connection.
 */
@Injectable()
export class OrderStreamsService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly followers = new Set<Follower>();
  /** The orders that are to be read. */
  private readonly due = new Set<string>();
  private isReading = false;
  private isClosing = false;
  private heartbeat: NodeJS.Timeout | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly sessions: LiveSessions,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
    notifications: Notifications,
  ) {
    notifications.listen(CHANNEL, {
      onNotified: (orderId) => void this.catchUp([orderId]),
      onListening: () => void this.catchUpAll(),
    });
  }

  onApplicationBootstrap(): void {
    this.heartbeat = setInterval(() => this.sendHeartbeats(), this.env.EVENT_STREAM_HEARTBEAT_MS);
  }

  /** Before the server waits for its connections to end. */
  onModuleDestroy(): void {
    this.isClosing = true;
    clearInterval(this.heartbeat);
    for (const { stream } of this.followers) stream.finish();
  }

  /**
   * The history of an order, or what came after an event of it, and then each event as it happens. Ends with the access
   * token, and soon after the viewer may no longer see the order.
   * @param lastEventId what is no event of this order is as none at all
   * @throws DomainError `not_found`, `too_many_requests`, `service_unavailable`
   */
  async follow(id: string, viewer: AuthenticatedUser, lastEventId?: string): Promise<EventStream> {
    const { manager } = this.dataSource;
    if (!(await manager.existsBy(Order, visibleTo(viewer, id)))) throw notFound('order');
    const isEvent = lastEventId !== undefined && isUuid(lastEventId);
    const last = isEvent ? await manager.findOneBy(OrderEvent, { id: lastEventId, orderId: id }) : null;
    this.assertRoomFor(viewer);
    return this.open(id, viewer, BigInt(last?.seq ?? 0));
  }

  /** @throws DomainError `too_many_requests` for the user, `service_unavailable` for the process */
  private assertRoomFor({ id }: AuthenticatedUser): void {
    if (this.isClosing || this.followers.size >= this.env.EVENT_STREAMS_MAX) {
      throw new DomainError('service_unavailable', 'There is no room for another stream.', FULL);
    }
    const own = [...this.followers].filter(({ userId }) => userId === id).length;
    if (own < this.env.EVENT_STREAMS_PER_USER) return;
    throw new DomainError('too_many_requests', 'You follow too many orders. Stop following one.', FULL);
  }

  private open(orderId: string, viewer: AuthenticatedUser, position: bigint): EventStream {
    const stream = new EventStream();
    const follower = { orderId, userId: viewer.id, sessionId: viewer.sessionId, stream, position };
    const expiry = setTimeout(() => stream.finish(), viewer.accessEndsAt.getTime() - Date.now());
    stream.once('close', () => {
      clearTimeout(expiry);
      this.followers.delete(follower);
    });
    this.followers.add(follower);
    void this.catchUp([orderId]);
    return stream;
  }

  private sendHeartbeats(): void {
    for (const { stream } of this.followers) stream.sendHeartbeat();
    void this.catchUpAll();
  }

  private catchUpAll(): Promise<void> {
    return this.catchUp([...this.followers].map(({ orderId }) => orderId));
  }

  private async catchUp(orderIds: readonly string[]): Promise<void> {
    for (const orderId of orderIds) this.due.add(orderId);
    if (this.isReading) return;
    this.isReading = true;
    while (this.due.size > 0) await this.readDue();
    this.isReading = false;
  }

  private async readDue(): Promise<void> {
    const orderIds = new Set(this.due);
    this.due.clear();
    try {
      await this.tell([...this.followers].filter(({ orderId }) => orderIds.has(orderId)));
    } catch (error) {
      this.logger.warn({ event: 'order_streams_wait', err: error });
      for (const orderId of orderIds) this.due.add(orderId);
      await sleep(RETRY_MS, undefined, { ref: false });
    }
  }

  private async tell(followers: readonly Follower[]): Promise<void> {
    if (followers.length === 0) return;
    const histories = await readHistories(positionsOf(followers), this.dataSource.manager);
    // Last, so that nobody is told what happened after they lost the right to know.
    const viewers = await this.sessions.usersOf(followers.map(({ sessionId }) => sessionId));
    for (const follower of followers) {
      tellOne(follower, histories.get(follower.orderId), viewers.get(follower.sessionId));
    }
  }
}

/** From where each order is to be read: where its rearmost follower is. */
function positionsOf(followers: readonly Follower[]): Map<string, bigint> {
  const positions = new Map<string, bigint>();
  for (const { orderId, position } of followers) {
    const rearmost = positions.get(orderId) ?? position;
    positions.set(orderId, position < rearmost ? position : rearmost);
  }
  return positions;
}

function tellOne(
  follower: Follower,
  history: OrderHistory | undefined,
  viewer: SessionUser | undefined,
): void {
  const { stream } = follower;
  if (!history || !viewer || !isVisibleTo(viewer, history)) return stream.finish();
  for (const event of history.events) {
    const seq = BigInt(event.seq);
    if (seq <= follower.position) continue;
    stream.send({ id: event.id, event: 'order_event', data: toEventResponse(event, isStaff(viewer)) });
    follower.position = seq;
  }
}
