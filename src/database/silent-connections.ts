import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';

/** A statement of the API is ended by PostgreSQL itself after five seconds, which would be an answer. */
const SILENCE_MS = 6_000;

/** Asks whether there is TLS: what a server answers first of all, before it wants to know who asks. */
const QUESTION = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

interface Patience {
  /** After so many milliseconds without a byte the server is asked, by another connection, whether it is there. */
  quietMs: number;
  /** It has so many to answer. */
  answerMs: number;
}

/** Together with a wait for the pool that ends after two seconds, nobody waits for three. */
const PATIENCE: Patience = { quietMs: 1_200, answerMs: 800 };

/**
 * Ends the connection when a statement gets no answer and the server gives none to anybody: its machine has lost its
 * network, or is gone, and nobody says so. By itself the connection would wait for a quarter of an hour, and the pool
 * with it. A server that answers may take its time for a statement, up to its `statement_timeout`, which is to be
 * shorter than six seconds.
 */
export function endWhenSilent(client: Client, { quietMs, answerMs } = PATIENCE): void {
  const stream = client.connection.stream as Socket;
  let isAsked = false;
  const send = client.query.bind(client) as (...args: unknown[]) => unknown;
  const ask = (...args: unknown[]): unknown => {
    isAsked = true;
    return send(...args);
  };
  client.query = ask as typeof client.query;
  client.on('drain', () => (isAsked = false));

  let bytes = 0;
  let quiet = 0;
  const endIfSilent = async (): Promise<void> => {
    const before = bytes;
    bytes = stream.bytesRead + stream.bytesWritten;
    quiet = bytes === before ? quiet + quietMs : quietMs;
    const isWaiting = async (): Promise<boolean> => {
      // What has come while this process was busy is read first.
      await turn();
      return isAsked && bytes === stream.bytesRead + stream.bytesWritten;
    };
    if (!(await isWaiting()) || (quiet < SILENCE_MS && (await isAnswering(client, answerMs)))) return;
    if (await isWaiting()) stream.destroy(new Error('Connection terminated: PostgreSQL does not answer'));
  };
  // It begins anew with every byte that is sent or comes, but not by itself once it has run out.
  stream.setTimeout(quietMs).on('timeout', () => {
    stream.setTimeout(quietMs);
    void endIfSilent();
  });
}

/** Whether the server to which the client is connected says anything to somebody new. */
async function isAnswering(client: Client, withinMs: number): Promise<boolean> {
  const { remoteAddress: host, remotePort: port = 0 } = client.connection.stream as Socket;
  const socket = net.connect(host ? { host, port } : { path: `${client.host}/.s.PGSQL.${client.port}` });
  socket.write(QUESTION);
  const answer = once(socket, 'data').then(() => true);
  const silence = sleep(withinMs, undefined, { ref: false }).then(() => turn(false));
  try {
    return await Promise.race([answer, silence]);
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
