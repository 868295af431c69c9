import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Metrics } from './metrics';
import { nodeMetrics } from './node-metrics';
import { QueueMetrics } from './queue-metrics';

/** All that is measured, as Prometheus reads it. */
@Injectable()
export class Exposition {
  constructor(
    private readonly metrics: Metrics,
    private readonly queue: QueueMetrics,
  ) {}

  text(): Promise<string> {
    return Registry.merge([this.metrics.registry, this.queue.registry, nodeMetrics()]).metrics();
  }
}
