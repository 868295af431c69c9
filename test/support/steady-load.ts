import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Json } from './api-client';

const TICK_MS = 10;

/** No more than so many are on their way: a machine that is too slow for the rate is not to be drowned. */
const MAX_ON_THEIR_WAY = 100;

interface Outcome {
  /** How often each status came. */
  statuses: Record<string, number>;
  /** What went wrong: lost connections, and answers that nobody expects. At most twenty. */
  failures: string[];
  /** Answers that say that something was made. */
  placed: number;
}

export interface SteadyLoad {
  /** Sends no more, waits for what is on its way, and says how it went. */
  end(): Promise<Outcome>;
}

/**
 * Sends so many requests a second, however long the answers take: when one tick is late, the next sends more.
 * @param isExpected which statuses are no failure
 */
export function steadyLoad(
  perSecond: number,
  request: (n: number) => Promise<Answer<Json>>,
  isExpected = (status: number): boolean => status < 300,
): SteadyLoad {
  const outcome: Outcome = { statuses: {}, failures: [], placed: 0 };
  const onTheirWay = new Set<Promise<void>>();
  const begun = performance.now();
  let [sent, isOver] = [0, false];
  const sendOne = (n: number): void => {
    const work = record(outcome, () => request(n), isExpected).finally(() => onTheirWay.delete(work));
    onTheirWay.add(work);
  };
  const sending = (async () => {
    while (!isOver) {
      const due = ((performance.now() - begun) / 1_000) * perSecond;
      while (sent < due && onTheirWay.size < MAX_ON_THEIR_WAY) sendOne(sent++);
      await sleep(TICK_MS);
    }
  })();
  return {
    end: async () => {
      isOver = true;
      await sending;
      await Promise.all(onTheirWay);
      return outcome;
    },
  };
}

async function record(
  outcome: Outcome,
  send: () => Promise<Answer<Json>>,
  isExpected: (status: number) => boolean,
): Promise<void> {
  const fail = (what: string): void => {
    if (outcome.failures.length < 20) outcome.failures.push(what);
  };
  try {
    const { status, body } = await send();
    outcome.statuses[status] = (outcome.statuses[status] ?? 0) + 1;
    if (status === 201) outcome.placed++;
    if (!isExpected(status)) fail(`${status} ${JSON.stringify(body)}`);
  } catch (error) {
    fail(error instanceof Error ? `${error.message} ${String(error.cause)}` : String(error));
  }
}
