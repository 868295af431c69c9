import path from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Events, type RecordedEvent } from '../../common/events/events';
import { MailTemplate } from '../../common/mail/mail-template';
import { Mails } from '../../common/mail/mails';
import { findRecipient } from '../../common/mail/recipients';
import { ENV, type Env } from '../../config/env';
import { OrderEvent } from './entities/order-event.entity';
import { type OrderMail, toOrderMail } from './order-mail';
import { readOrder } from './order-rows';
import type { OrderStatus } from './order-status';

interface OrderReference {
  orderId: string;
}

declare module '../../common/mail/mails' {
  interface MailReferences {
    order_placed: OrderReference;
    order_processing: OrderReference;
    order_shipped: OrderReference;
    order_delivered: OrderReference;
    order_cancelled: OrderReference;
  }
}

/** What customers are told about each status of an order: the mail of this kind. */
const MAILS = {
  pending: 'order_placed',
  processing: 'order_processing',
  shipped: 'order_shipped',
  delivered: 'order_delivered',
  cancelled: 'order_cancelled',
} as const satisfies Record<OrderStatus, string>;

/** Tells customers how their orders come along. */
@Injectable()
export class OrderMailsService {
  constructor(
    events: Events,
    private readonly mails: Mails,
    private readonly dataSource: DataSource,
    @Inject(ENV) private readonly env: Env,
  ) {
    events.on(['order.placed', 'order.status_changed', 'order.cancelled'], (event, tx) =>
      this.queue(event, tx),
    );
    for (const status of Object.keys(MAILS) as OrderStatus[]) {
      mails.define(MAILS[status], {
        template: new MailTemplate<OrderMail>(
          path.join(__dirname, 'mails', `${MAILS[status].replace('_', '-')}.hbs`),
        ),
        write: ({ orderId }) => this.write(orderId, status),
      });
    }
  }

  private async queue({ subjectId: orderId, data }: RecordedEvent, tx: EntityManager): Promise<void> {
    const { status, previousStatus } = data as { status: OrderStatus; previousStatus: OrderStatus | null };
    // Else its payment has changed, which mails do not tell of.
    if (status !== previousStatus) await this.mails.queue(MAILS[status], [{ orderId }], tx);
  }

  /** Null once the customer is erased. */
  private async write(orderId: string, status: OrderStatus): Promise<{ to: string; data: OrderMail } | null> {
    const { manager } = this.dataSource;
    const { order, items } = await readOrder(orderId, manager);
    const recipient = await findRecipient(order.userId, manager);
    if (!recipient || order.customerEmail === null) return null;
    const step = await manager.findOneByOrFail(OrderEvent, { orderId, kind: 'status', toStatus: status });
    return {
      to: order.customerEmail,
      data: toOrderMail({ order, items, step }, recipient, this.env.APP_URL),
    };
  }
}
