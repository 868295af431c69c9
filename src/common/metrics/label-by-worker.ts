import type { Registry } from 'prom-client';
import { workerSlot } from '../cluster/worker-slot';

/**
 * Where workers share the port, each has series of its own: a sum over them would fall when one starts anew, and rates
 * would take that for a reset of them all.
 */
export function labelByWorker(registry: Registry): Registry {
  const worker = workerSlot();
  if (worker !== null) registry.setDefaultLabels({ worker: String(worker) });
  return registry;
}
