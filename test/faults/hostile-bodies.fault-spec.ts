import { gzipSync } from 'node:zlib';
import { HOSTILE_BODIES } from '../support/hostile-bodies';
import { times, within } from './support/extent';
import { type FaultShop, openFaultShop } from './support/fault-shop';
import { describeMemories, expectFlat, MEASURABLE, memoryOf } from './support/heap-meter';
import { report } from './support/report';
import { inspect } from './support/verdict';

const BOMB = gzipSync(Buffer.alloc(100_000_000));

const NAMES = [...Object.keys(HOSTILE_BODIES), 'a bomb'];

const ROUNDS = times(10, 200);

describe('a shop that is sent bodies that are to break it', () => {
  let shop: FaultShop;

  beforeAll(async () => {
    shop = await openFaultShop({ settings: MEASURABLE });
  });

  afterAll(() => shop?.close());

  /** @returns how many milliseconds it took */
  async function send(
    body: string | Uint8Array,
    status: number,
    headers?: Record<string, string>,
  ): Promise<number> {
    const sentAt = performance.now();
    const answer = await shop.server.api.post('/auth/login', body, headers);
    expect(answer.status).toBe(status);
    return performance.now() - sentAt;
  }

  /** Each of them once. */
  async function sendAll(): Promise<number[]> {
    const took: number[] = [];
    for (const [body, status] of Object.values(HOSTILE_BODIES)) took.push(await send(body, status));
    took.push(await send(BOMB, 415, { 'Content-Encoding': 'gzip' }));
    return took;
  }

  it('refuses them at once, and keeps nothing of them', async () => {
    for (let round = 0; round < ROUNDS; round++) await sendAll();
    const memories = [await memoryOf(shop.server)];
    const rounds: number[][] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await sendAll());
    memories.push(await memoryOf(shop.server));
    const usual = medians(rounds);
    const slowest = Math.max(...usual);
    const verdict = await inspect(shop.database);
    const note = `refused within ${Math.round(slowest)} ms (${NAMES[usual.indexOf(slowest)] ?? ''}); ${describeMemories(memories)}`;
    report({ fault: 'hostile bodies', tries: rounds.flat().length, verdict, note });
    expect(slowest).toBeLessThan(within(50));
    expectFlat(memories);
  });
});

/** What each of them usually takes: the machine may do something else now and then. */
function medians(rounds: readonly number[][]): number[] {
  const [first = []] = rounds;
  const sorted = first.map((_, n) => rounds.map((took) => took[n] ?? Infinity).toSorted((a, b) => a - b));
  return sorted.map((took) => took[Math.floor(took.length / 2)] ?? Infinity);
}
