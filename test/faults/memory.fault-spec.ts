import { eventually } from '../support/app';
import { steadyLoad } from '../support/steady-load';
import { isPromised, times } from './support/extent';
import { type FaultShop, openFaultShop } from './support/fault-shop';
import { describeMemories, expectFlat, MEASURABLE, memoryOf } from './support/heap-meter';
import { MixedLoad } from './support/mixed-load';
import { report } from './support/report';
import { expectWhole, inspect } from './support/verdict';

const PER_SECOND = times(200, 20);
/** Compiled code, caches up to their limits, prepared statements, one of everything that is made once. */
const WARM_UP_REQUESTS = times(2_000, 6_000);
const ROUNDS = times(2, 15);
/** In full half an hour for all rounds: what stays of a request is seen from 100 bytes on. */
const REQUESTS_A_ROUND = times(1_500, 2_400);

/** Mistakes are refused. A machine that is busy with other things may be too slow, for which a 503 is right. */
function isExpected(status: number): boolean {
  return status < 300 || [400, 404, 413, 415, 422, ...(isPromised ? [] : [503])].includes(status);
}

describe('a shop that is used in every way for half an hour', () => {
  let shop: FaultShop;
  let sent = 0;
  const unexpected: string[] = [];

  beforeAll(async () => {
    // A small cache is full after the warm-up.
    shop = await openFaultShop({ settings: { ...MEASURABLE, CACHE_MEMORY_MB: '1' } });
  });

  afterAll(() => shop?.close());

  async function use(load: MixedLoad, requests: number): Promise<void> {
    const until = sent + requests;
    const steady = steadyLoad(PER_SECOND, () => load.request(sent++), isExpected);
    await eventually(() => sent >= until, 600);
    const { failures } = await steady.end();
    unexpected.push(...failures);
  }

  it('holds no more at the end than when it was warm', async () => {
    const load = await MixedLoad.of(shop);
    await use(load, WARM_UP_REQUESTS);
    const memories = [await memoryOf(shop.server)];
    for (let round = 0; round < ROUNDS; round++) {
      await use(load, REQUESTS_A_ROUND);
      memories.push(await memoryOf(shop.server));
    }
    const verdict = await inspect(shop.database);
    report({ fault: `${sent} requests of all kinds`, tries: 1, verdict, note: describeMemories(memories) });
    expectWhole(verdict);
    expect(unexpected).toEqual([]);
    expectFlat(memories);
  }, 3_000_000);
});
