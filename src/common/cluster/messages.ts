import type { MetricObjectWithValues, MetricValue } from 'prom-client';

export type Families = MetricObjectWithValues<MetricValue<string>>[];

/** What the workers of one machine and their primary tell each other. Other things go over the same channel. */
export type ClusterMessage =
  /** To the primary: it takes requests. */
  | { cartwright: 'ready'; port: number }
  /** To a worker: another is in its place. */
  | { cartwright: 'retire' }
  /** From one worker, by way of the primary, to all others: what do you measure? */
  | { cartwright: 'measure'; id: string; from: number }
  /** The primary's answer: so many were asked. */
  | { cartwright: 'asked'; id: string; count: number }
  /** Each worker's answer, by way of the primary. */
  | { cartwright: 'measured'; id: string; to: number; families: Families };

export function isClusterMessage(message: unknown): message is ClusterMessage {
  return typeof message === 'object' && message !== null && 'cartwright' in message;
}
