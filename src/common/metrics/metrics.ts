import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { labelByWorker } from './label-by-worker';

/** Requests of other methods are counted as one: clients make up what they like. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** In seconds: from what the cache answers to what a patient client gives up on. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface AnsweredRequest {
  method: string;
  /** The template of the route, such as `/api/products/:id`; undefined for an unknown one. */
  route: string | undefined;
  status: number;
  seconds: number;
}

/** What this application counts. It has a registry of its own, since several may run in one process. */
@Injectable()
export class Metrics {
  readonly registry = labelByWorker(new Registry());
  private readonly registers = [this.registry];

  private readonly requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to the end of its answer. Live streams end when the client has enough.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: this.registers,
  });

  private readonly cacheRequests = new Counter({
    name: 'cache_requests_total',
    help: 'Reads of the catalogue that are kept: answered from what is kept, or made anew.',
    labelNames: ['result'],
    registers: this.registers,
  });

  private readonly ordersPlaced = new Counter({
    name: 'orders_placed_total',
    help: 'Orders that this process took.',
    registers: this.registers,
  });

  constructor(dataSource: DataSource) {
    for (const result of ['hit', 'miss']) this.cacheRequests.inc({ result }, 0);
    this.watch(poolOf(dataSource));
  }

  countRequest({ method, route, status, seconds }: AnsweredRequest): void {
    const labels = { method: METHODS.has(method) ? method : 'other', route: route ?? 'unknown', status };
    this.requests.observe(labels, seconds);
  }

  countCacheRequest(isHit: boolean): void {
    this.cacheRequests.inc({ result: isHit ? 'hit' : 'miss' });
  }

  countOrder(): void {
    this.ordersPlaced.inc();
  }

  private watch(pool: Pool): void {
    const gauge = new Gauge({
      name: 'db_pool_connections',
      help: 'Connections to the database by state; waiting: requests that have none.',
      labelNames: ['state'],
      registers: this.registers,
      collect: () => {
        gauge.set({ state: 'active' }, pool.totalCount - pool.idleCount);
        gauge.set({ state: 'idle' }, pool.idleCount);
        gauge.set({ state: 'waiting' }, pool.waitingCount);
      },
    });
  }
}

/** TypeORM keeps the driver's pool where its types do not show it. */
function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}
