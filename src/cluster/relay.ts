import cluster, { type Worker } from 'node:cluster';
import { type ClusterMessage, isClusterMessage } from '../common/cluster/messages';

/** Lets workers ask each other what they measure: they can speak only to their primary. */
export function relayMeasurements(): void {
  cluster.on('message', (worker, message: unknown) => {
    if (!isClusterMessage(message)) return;
    if (message.cartwright === 'measure') askOthers(worker, message);
    if (message.cartwright === 'measured') send(cluster.workers?.[message.to], message);
  });
}

function askOthers(worker: Worker, question: ClusterMessage & { cartwright: 'measure' }): void {
  const others = Object.values(cluster.workers ?? {}).filter(
    (other) => other?.isConnected() && other !== worker,
  );
  for (const other of others) send(other, question);
  send(worker, { cartwright: 'asked', id: question.id, count: others.length });
}

/** It may end in this very moment. */
function send(worker: Worker | undefined, message: ClusterMessage): void {
  if (worker?.isConnected()) worker.send(message, undefined, () => undefined);
}
