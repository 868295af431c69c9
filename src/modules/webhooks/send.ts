import http from 'node:http';
import https from 'node:https';
import { ForbiddenAddress, guardedLookup, isAllowedAddress, literalOf, type TargetRules } from './target';

/** An answer that is longer is cut off. */
const MAX_ANSWER_BYTES = 16_384;

export interface Message {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** What is kept of an answer. */
export interface Reply {
  status: number;
  retryAfter: string | undefined;
}

interface SendOptions extends TargetRules {
  timeoutMs: number;
  /** Ends the attempt. */
  signal: AbortSignal;
}

/**
 * Posts a message. Redirects are not followed, nothing else of the answer is kept, and both the name and
 * the address that is connected to have to be allowed.
 * @throws Error when there is no answer, with a message that says why and nothing of the answer
 */
export async function send(message: Message, { timeoutMs, signal, ...rules }: SendOptions): Promise<Reply> {
  const url = new URL(message.url);
  const literal = literalOf(url);
  if (literal !== null && !isAllowedAddress(literal, rules))
    throw new ForbiddenAddress('The address is not public');
  const ending = new AbortController();
  const end = (): void => ending.abort();
  signal.addEventListener('abort', end);
  const timer = setTimeout(end, timeoutMs);
  try {
    return await post(url, message, { lookup: guardedLookup(rules), signal: ending.signal });
  } catch (error) {
    if (!ending.signal.aborted || signal.aborted) throw error;
    throw new Error(`There was no answer within ${timeoutMs} ms`, { cause: error });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

function post(url: URL, { headers, body }: Message, options: http.RequestOptions): Promise<Reply> {
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      ...options,
      method: 'POST',
      // A connection of its own: one that is kept would outlive the look at its address.
      agent: false,
      headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
    });
    outgoing.on('error', reject);
    outgoing.on('response', (answer) => {
      // The status is known by now, and that is all that counts: whatever goes wrong later is no failure.
      const { statusCode: status = 0, headers: sent } = answer;
      const finish = (): void => resolve({ status, retryAfter: sent['retry-after'] });
      outgoing.off('error', reject).on('error', finish);
      answer.on('error', finish).on('close', finish);
      discard(answer);
    });
    outgoing.end(body);
  });
}

/** Reads to the end, so that the receiver is not cut off in the middle of its answer; but no further than the bound. */
function discard(answer: http.IncomingMessage): void {
  let length = 0;
  answer.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) answer.destroy();
  });
}
