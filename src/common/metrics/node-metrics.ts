import { collectDefaultMetrics, Registry } from 'prom-client';
import { labelByWorker } from './label-by-worker';

let registry: Registry | undefined;

/**
 * What Node.js says of this process, whichever application asks. Watching begins with the first question: where nobody
 * asks it costs nothing.
 */
export function nodeMetrics(): Registry {
  if (!registry) {
    registry = labelByWorker(new Registry());
    collectDefaultMetrics({ register: registry });
  }
  return registry;
}
