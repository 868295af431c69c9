import cluster from 'node:cluster';
import { randomUUID } from 'node:crypto';
import { type ClusterMessage, type Families, isClusterMessage } from './messages';

/** Who does not answer by then is left out: a scrape waits ten seconds. */
const PATIENCE_MS = 1_000;

/** Answers the other workers of this machine when they ask what this one measures. */
export function answerSiblings(measure: () => Promise<Families>): () => void {
  const onMessage = (message: unknown): void => {
    if (!isClusterMessage(message) || message.cartwright !== 'measure') return;
    const { id, from } = message;
    void measure().then((families) => send({ cartwright: 'measured', id, to: from, families }));
  };
  if (cluster.isWorker) process.on('message', onMessage);
  return () => process.off('message', onMessage);
}

/** What each of the other workers of this machine measures; nothing where there are none. */
export async function askSiblings(): Promise<Families[]> {
  const self = cluster.worker;
  if (!self) return [];
  return new Promise((resolve) => {
    const id = randomUUID();
    const found: Families[] = [];
    let awaited = Infinity;
    const finish = (): void => {
      clearTimeout(timer);
      process.off('message', onMessage);
      resolve(found);
    };
    const onMessage = (message: unknown): void => {
      if (!isClusterMessage(message) || !('id' in message) || message.id !== id) return;
      if (message.cartwright === 'asked') awaited = message.count;
      if (message.cartwright === 'measured') found.push(message.families);
      if (found.length >= awaited) finish();
    };
    const timer = setTimeout(finish, PATIENCE_MS);
    process.on('message', onMessage);
    send({ cartwright: 'measure', id, from: self.id });
  });
}

/** The primary may be gone: then this process is about to end, too. */
export function send(message: ClusterMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
