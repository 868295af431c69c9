import { collectDefaultMetrics, Registry } from 'prom-client';

let registry: Registry | undefined;

/**
 * What Node.js says of this process, whichever application asks. Watching begins with the first question: where nobody
 * asks it costs nothing.
 */
export function nodeMetrics(): Registry {
  if (!registry) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
  }
  return registry;
}
