import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Draining } from '../../common/http/draining';
import { REDIS, type Redis } from '../../common/redis/redis';
import { countPendingMigrations } from '../../database/migrate';
import type { DependencyHealth, ReadinessResponse } from './dto/health.response';

/** Asks the dependencies how they are. The shop works without Redis, so only the database makes it unready. */
@Injectable()
export class HealthService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly draining: Draining,
    @Inject(REDIS) private readonly redis: Redis | null,
  ) {}

  async readiness(): Promise<ReadinessResponse> {
    const [database, redis, migrations] = await Promise.all([
      timed(() => this.dataSource.query('SELECT 1').then(() => 'up')),
      this.redisHealth(),
      timed(async () => ((await countPendingMigrations(this.dataSource)) === 0 ? 'up' : 'pending')),
    ]);
    const isReady = database.status === 'up' && migrations.status === 'up';
    const status = this.draining.hasBegun ? 'shutting_down' : isReady ? 'ready' : 'not_ready';
    return { status, database, redis, migrations };
  }

  private async redisHealth(): Promise<DependencyHealth> {
    const { redis } = this;
    return redis ? timed(() => redis.ping().then(() => 'up')) : { status: 'disabled', ms: null };
  }
}

async function timed(check: () => Promise<'up' | 'pending'>): Promise<DependencyHealth> {
  const startedAt = performance.now();
  const status = await check().catch(() => 'down' as const);
  return { status, ms: Math.round((performance.now() - startedAt) * 10) / 10 };
}
