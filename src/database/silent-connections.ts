import type { Socket } from 'node:net';
import type { Client } from 'pg';

/** A statement of the API is ended by PostgreSQL itself after five seconds, which would be an answer. */
const SILENCE_MS = 6_000;

/**
 * Ends the connection when a statement gets no answer: the server's machine has lost its network, or is gone, and nobody
 * says so. By itself the connection would wait for a quarter of an hour, and the pool with it. For connections whose
 * `statement_timeout` is shorter than the wait.
 */
export function endWhenSilent(client: Client): void {
  const stream = client.connection.stream as Socket;
  let isAsked = false;
  const send = client.query.bind(client) as (...args: unknown[]) => unknown;
  const ask = (...args: unknown[]): unknown => {
    isAsked = true;
    return send(...args);
  };
  client.query = ask as typeof client.query;
  client.on('drain', () => (isAsked = false));
  // It begins anew with every byte that is sent or comes.
  stream.setTimeout(SILENCE_MS, () => {
    if (isAsked) stream.destroy(new Error('Connection terminated: PostgreSQL does not answer'));
  });
}
