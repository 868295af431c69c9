import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { measureWork, type WorkFigures } from '../../database/stuck-work';

/** Whoever asks more often gets what was found last: each time costs a statement. */
const FRESH_MS = 1_000;

const HELP: Record<keyof WorkFigures, string> = {
  jobs_pending: 'Jobs that wait, run, or will be tried again.',
  jobs_oldest_age_seconds: 'How long the longest of these is late.',
  jobs_failed: 'Jobs that were given up after their last try.',
  events_pending: 'Events that were not handed on yet.',
  events_failed: 'Events that were given up.',
};

/** What the queues of the database hold: the same, whichever process is asked. */
@Injectable()
export class QueueMetrics {
  readonly registry = new Registry();
  private figures: Promise<WorkFigures | null> = Promise.resolve(null);
  private measuredAt = -Infinity;

  constructor(private readonly dataSource: DataSource) {
    for (const [name, help] of Object.entries(HELP)) this.register(name as keyof WorkFigures, help);
  }

  private register(name: keyof WorkFigures, help: string): void {
    const gauge = new Gauge({
      name,
      help,
      registers: [this.registry],
      collect: async () => {
        const figures = await this.measure();
        // A figure that is not known is left out: it is not nought.
        if (figures) gauge.set(figures[name]);
        else gauge.remove();
      },
    });
  }

  private measure(): Promise<WorkFigures | null> {
    const now = performance.now();
    if (now - this.measuredAt >= FRESH_MS) {
      this.measuredAt = now;
      this.figures = measureWork(this.dataSource).catch(() => null);
    }
    return this.figures;
  }
}
