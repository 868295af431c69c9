import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type Metric, Registry } from 'prom-client';
import type { Families } from '../cluster/messages';
import { answerSiblings, askSiblings } from '../cluster/siblings';
import { Metrics } from './metrics';
import { nodeMetrics } from './node-metrics';
import { QueueMetrics } from './queue-metrics';

/** All that is measured, as Prometheus reads it: of each worker where several share the port. */
@Injectable()
export class Exposition implements OnModuleDestroy {
  private readonly stopAnswering: () => void;

  constructor(
    private readonly metrics: Metrics,
    private readonly queue: QueueMetrics,
  ) {
    this.stopAnswering = answerSiblings(() => this.ownFamilies());
  }

  onModuleDestroy(): void {
    this.stopAnswering();
  }

  async text(): Promise<string> {
    const [own, queue, others] = await Promise.all([
      this.ownFamilies(),
      this.queue.registry.getMetricsAsJSON(),
      askSiblings(),
    ]);
    return textOf([...own, ...queue, ...others.flat()]);
  }

  private async ownFamilies(): Promise<Families> {
    const families = await Promise.all([
      this.metrics.registry.getMetricsAsJSON(),
      nodeMetrics().getMetricsAsJSON(),
    ]);
    return families.flat();
  }
}

/** Families of one name become one. */
function textOf(families: Families): Promise<string> {
  const registry = new Registry();
  const byName = new Map<string, Families[number]>();
  for (const family of families) {
    const values = [...(byName.get(family.name)?.values ?? []), ...family.values];
    byName.set(family.name, { ...family, values });
  }
  for (const family of byName.values()) {
    // The registry asks a metric only for what it holds.
    registry.registerMetric({ ...family, get: () => Promise.resolve(family) } as unknown as Metric);
  }
  return registry.metrics();
}
