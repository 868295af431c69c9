import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Logger } from 'pino';
import { AccessTokensModule } from './common/auth/access-tokens.module';
import { RolesGuard } from './common/auth/roles.guard';
import { CacheInterceptor } from './common/cache/cache.interceptor';
import { CacheModule } from './common/cache/cache.module';
import { CommonModule } from './common/common.module';
import { ProblemFilter } from './common/errors/problem.filter';
import { EventsModule } from './common/events/events.module';
import { FilesModule } from './common/files/files.module';
import { BodyInterceptor } from './common/http/body.interceptor';
import { HeadersInterceptor } from './common/http/headers.interceptor';
import { JobsModule } from './common/jobs/jobs.module';
import { LimitGuard } from './common/limits/limit.guard';
import { LimitsModule } from './common/limits/limits.module';
import { LoggingModule } from './common/logging/logging.module';
import { MailModule } from './common/mail/mail.module';
import { MetricsModule } from './common/metrics/metrics.module';
import { RedisModule } from './common/redis/redis.module';
import { ConfigModule } from './config/config.module';
import type { Env } from './config/env';
import { dataSourceOptions } from './database/data-source-options';
import { AuditModule } from './modules/audit/audit.module';
import { AuthModule } from './modules/auth/auth.module';
import { JwtGuard } from './modules/auth/jwt.guard';
import { CartModule } from './modules/cart/cart.module';
import { CategoriesModule } from './modules/categories/categories.module';
import { CouponsModule } from './modules/coupons/coupons.module';
import { EventLogModule } from './modules/event-log/event-log.module';
import { HealthModule } from './modules/health/health.module';
import { OrdersModule } from './modules/orders/orders.module';
import { ProductsModule } from './modules/products/products.module';
import { UsersModule } from './modules/users/users.module';
import { WebhooksModule } from './modules/webhooks/webhooks.module';

export interface AppSettings {
  env: Env;
  logger: Logger;
  databaseUrl: string;
}

const FEATURES = [
  UsersModule,
  AuthModule,
  CategoriesModule,
  ProductsModule,
  CouponsModule,
  CartModule,
  OrdersModule,
  AuditModule,
  EventLogModule,
  WebhooksModule,
  HealthModule,
];

@Module({})
export class AppModule {
  static for({ env, logger, databaseUrl }: AppSettings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.for(env),
        LoggingModule.for(logger),
        TypeOrmModule.forRoot({
          ...dataSourceOptions({ url: databaseUrl, poolSize: env.DATABASE_POOL_SIZE, use: 'api' }),
          // A process that is kept from the processor while it starts may find an answer in time too late.
          retryAttempts: 4,
          retryDelay: 500,
        }),
        MetricsModule,
        RedisModule,
        CacheModule,
        LimitsModule,
        AccessTokensModule,
        CommonModule,
        JobsModule.for(databaseUrl),
        EventsModule,
        MailModule,
        FilesModule,
        ...FEATURES,
      ],
      providers: [
        // Guards and interceptors run in this order.
        { provide: APP_GUARD, useClass: LimitGuard },
        { provide: APP_GUARD, useClass: JwtGuard },
        { provide: APP_GUARD, useClass: RolesGuard },
        { provide: APP_INTERCEPTOR, useClass: BodyInterceptor },
        { provide: APP_INTERCEPTOR, useClass: CacheInterceptor },
        { provide: APP_INTERCEPTOR, useClass: HeadersInterceptor },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}
