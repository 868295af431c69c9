import { Global, Module } from '@nestjs/common';
import { Exposition } from './exposition';
import { Metrics } from './metrics';
import { QueueMetrics } from './queue-metrics';

/** Makes it possible everywhere to count, and to read what was counted. */
@Global()
@Module({ providers: [Metrics, QueueMetrics, Exposition], exports: [Metrics, Exposition] })
export class MetricsModule {}
