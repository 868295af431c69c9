import path from 'node:path';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Events, type RecordedEvent } from '../../common/events/events';
import { type MailData, MailTemplate } from '../../common/mail/mail-template';
import { Mails } from '../../common/mail/mails';
import { findRecipient } from '../../common/mail/recipients';

declare module '../../common/mail/mails' {
  interface MailReferences {
    low_stock: { productId: string; userId: string };
  }
}

interface LowStock {
  product: string;
  sku: string | null;
  stock: number;
  threshold: number;
}

interface LowStockMail extends LowStock, MailData {
  isSoldOut: boolean;
}

const IS_STAFF = `u.is_active AND u.roles && ARRAY['EDITOR', 'ADMIN']`;

/** Tells everyone who keeps the catalogue that a product is running out. */
@Injectable()
export class LowStockMailsService {
  constructor(
    events: Events,
    private readonly mails: Mails,
    private readonly dataSource: DataSource,
  ) {
    events.on('stock.low', (event, tx) => this.queue(event, tx));
    mails.define('low_stock', {
      template: new MailTemplate<LowStockMail>(path.join(__dirname, 'mails', 'low-stock.hbs')),
      write: ({ productId, userId }) => this.write(productId, userId),
      isRecurring: true,
    });
  }

  /** A mail for each, so that one who cannot be reached keeps it from nobody else. */
  private async queue({ subjectId: productId }: RecordedEvent, tx: EntityManager): Promise<void> {
    const staff = await tx.query<{ userId: string }[]>(
      `SELECT u.id AS "userId" FROM users u WHERE ${IS_STAFF} ORDER BY u.id`,
    );
    const about = staff.map(({ userId }) => ({ productId, userId }));
    await this.mails.queue('low_stock', about, tx);
  }

  /** Null when the product is gone or has enough again, and for somebody who is not of the staff any more. */
  private async write(productId: string, userId: string): Promise<{ to: string; data: LowStockMail } | null> {
    const { manager } = this.dataSource;
    const recipient = await findRecipient(userId, manager);
    const [product] = await manager.query<LowStock[]>(
      `SELECT p.name AS product, p.sku, p.stock, p.low_stock_threshold AS threshold
         FROM products p JOIN users u ON u.id = $2 AND ${IS_STAFF}
        WHERE p.id = $1 AND p.stock <= p.low_stock_threshold AND p.deleted_at IS NULL`,
      [productId, userId],
    );
    if (!recipient || !product) return null;
    const { email: to, name, locale } = recipient;
    return { to, data: { name, locale, ...product, isSoldOut: product.stock === 0 } };
  }
}
