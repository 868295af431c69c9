import type { DataSourceOptions } from 'typeorm';
import { CreateShop1795250000000 } from '../../migrations/1795250000000-CreateShop';
import { AddAddressesAndMailTokens1795255200000 } from '../../migrations/1795255200000-AddAddressesAndMailTokens';
import { AddCatalogueSearch1795257000000 } from '../../migrations/1795257000000-AddCatalogueSearch';
import { AddProductImages1795258800000 } from '../../migrations/1795258800000-AddProductImages';
import { AddListIndexes1795259700000 } from '../../migrations/1795259700000-AddListIndexes';
import { AddGuestCarts1795770000000 } from '../../migrations/1795770000000-AddGuestCarts';
import { NotifyOfOrderEvents1795771000000 } from '../../migrations/1795771000000-NotifyOfOrderEvents';
import { AddEvents1795772000000 } from '../../migrations/1795772000000-AddEvents';
import { AddIdempotencySubject1795775000000 } from '../../migrations/1795775000000-AddIdempotencySubject';
import { IndexWhatExpires1795776000000 } from '../../migrations/1795776000000-IndexWhatExpires';
import { AddUserLocale1795773000000 } from '../../migrations/1795773000000-AddUserLocale';
import { AddEventPositions1796100000000 } from '../../migrations/1796100000000-AddEventPositions';
import { IndexEventPositions1796100001000 } from '../../migrations/1796100001000-IndexEventPositions';
import { AddWebhooks1796110000000 } from '../../migrations/1796110000000-AddWebhooks';
import { IndexParkedEvents1796000000000 } from '../../migrations/1796000000000-IndexParkedEvents';
import { AddAuditLog1796200000000 } from '../../migrations/1796200000000-AddAuditLog';
import { AddEventTraceparent1796300000000 } from '../../migrations/1796300000000-AddEventTraceparent';
import { IndexAllOrdersOfUsers1796400000000 } from '../../migrations/1796400000000-IndexAllOrdersOfUsers';
import { IndexStaff1796400001000 } from '../../migrations/1796400001000-IndexStaff';
import { AuditEntry } from '../common/audit/audit-entry.entity';
import { CacheGeneration } from '../common/cache/cache-generation.entity';
import { EventCounter } from '../common/events/event-counter.entity';
import { Event } from '../common/events/event.entity';
import { IdempotencyRecord } from '../common/idempotency/idempotency-record.entity';
import { MailToken } from '../modules/auth/entities/mail-token.entity';
import { RefreshToken } from '../modules/auth/entities/refresh-token.entity';
import { Session } from '../modules/auth/entities/session.entity';
import { CartItem } from '../modules/cart/entities/cart-item.entity';
import { Cart } from '../modules/cart/entities/cart.entity';
import { Category } from '../modules/categories/entities/category.entity';
import { CouponRedemption } from '../modules/coupons/entities/coupon-redemption.entity';
import { Coupon } from '../modules/coupons/entities/coupon.entity';
import { OrderEvent } from '../modules/orders/entities/order-event.entity';
import { OrderItem } from '../modules/orders/entities/order-item.entity';
import { Order } from '../modules/orders/entities/order.entity';
import { Product } from '../modules/products/entities/product.entity';
import { SearchWord } from '../modules/products/entities/search-word.entity';
import { ProductImage } from '../modules/products/entities/product-image.entity';
import { StockMovement } from '../modules/products/entities/stock-movement.entity';
import { UserAddress } from '../modules/users/entities/user-address.entity';
import { User } from '../modules/users/entities/user.entity';
import { WebhookDelivery } from '../modules/webhooks/entities/webhook-delivery.entity';
import { Webhook } from '../modules/webhooks/entities/webhook.entity';
import { NamingStrategy } from './naming-strategy';
import { PipeliningClient } from './pipelining-client';
import { endWhenSilent } from './silent-connections';

const ENTITIES = [
  User,
  UserAddress,
  MailToken,
  Session,
  RefreshToken,
  Category,
  Product,
  ProductImage,
  StockMovement,
  SearchWord,
  Coupon,
  CouponRedemption,
  Cart,
  CartItem,
  Order,
  OrderItem,
  OrderEvent,
  IdempotencyRecord,
  CacheGeneration,
  Event,
  EventCounter,
  Webhook,
  WebhookDelivery,
  AuditEntry,
];

const MIGRATIONS = [
  CreateShop1795250000000,
  AddAddressesAndMailTokens1795255200000,
  AddCatalogueSearch1795257000000,
  AddProductImages1795258800000,
  AddListIndexes1795259700000,
  AddGuestCarts1795770000000,
  NotifyOfOrderEvents1795771000000,
  AddEvents1795772000000,
  AddIdempotencySubject1795775000000,
  IndexWhatExpires1795776000000,
  AddUserLocale1795773000000,
  AddEventPositions1796100000000,
  IndexEventPositions1796100001000,
  AddWebhooks1796110000000,
  IndexParkedEvents1796000000000,
  AddAuditLog1796200000000,
  AddEventTraceparent1796300000000,
  IndexAllOrdersOfUsers1796400000000,
  IndexStaff1796400001000,
];

/** Time limits of a connection's statements, in milliseconds. */
const TIMEOUTS = {
  api: { statement_timeout: 5_000, lock_timeout: 2_000, idle_in_transaction_session_timeout: 10_000 },
  command: { lock_timeout: 10_000 },
  migration: { lock_timeout: 1_000 },
  check: { statement_timeout: 5_000 },
};

/**
 * Large sorts and bitmaps of the catalogue stay in memory, and no time goes into compiling statements that take a few
 * milliseconds.
 */
const SERVER_SETTINGS = '-c work_mem=16MB -c jit=off';

interface DatabaseSettings {
  url: string;
  poolSize: number;
  /**
   * `api` gives up early so that a request gets its 503; `command` (seeds, imports) is patient; `migration` does not
   * wait long for a lock, because everybody queues behind it meanwhile; `check` asks for the migrations that were run,
   * and knows no entities, which would take the time of a start again.
   */
  use: keyof typeof TIMEOUTS;
  /** The names of the migrations that there are to be; all when absent. */
  migrations?: readonly string[];
}

/** The names of all migrations, oldest first. */
export function migrationNames(): string[] {
  return MIGRATIONS.map((Migration) => new Migration().name).toSorted(
    (left, right) => timestampOf(left) - timestampOf(right),
  );
}

function timestampOf(migration: string): number {
  return Number(migration.slice(-13));
}

/** The one TypeORM configuration: of the application, migrations, seeds and tests. */
export function dataSourceOptions({
  url,
  poolSize,
  use,
  migrations = migrationNames(),
}: DatabaseSettings): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    applicationName: 'cartwright',
    entities: use === 'check' ? [] : ENTITIES,
    migrations: MIGRATIONS.filter((Migration) => migrations.includes(new Migration().name)),
    migrationsTransactionMode: 'each',
    migrationsTableName: 'migrations',
    namingStrategy: new NamingStrategy(),
    synchronize: false,
    installExtensions: false,
    uuidExtension: 'pgcrypto',
    poolSize,
    extra: {
      ...TIMEOUTS[use],
      ...(use === 'api' && { Client: PipeliningClient, onConnect: endWhenSilent }),
      options: SERVER_SETTINGS,
      connectionTimeoutMillis: 2_000,
      keepAlive: true,
    },
  };
}
