import { setImmediate as turn } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { parseEnv } from '../../config/env';
import { CacheGenerations } from './cache-generations';

describe('the question for the generation', () => {
  /** A database that answers when it is told, and counts its changes. */
  function open(): { generations: CacheGenerations; answers: (() => void)[] } {
    const answers: (() => void)[] = [];
    const query = (): Promise<unknown> => {
      const counts = { catalogue: String(answers.length + 1) };
      return new Promise((resolve) =>
        answers.push(() => resolve([{ database: 'db', counts, position: null }])),
      );
    };
    return { generations: new CacheGenerations({ query } as unknown as DataSource, parseEnv({})), answers };
  }

  const named = (count: number): object => ({ name: `db ${count}`, position: null });

  it('is one for all who ask in the same turn of the event loop', async () => {
    const { generations, answers } = open();
    const first = generations.current(['catalogue']);
    await new Promise<void>((resolve) => process.nextTick(resolve));
    const second = generations.current(['catalogue']);
    await answer(answers, 0);
    expect([await first, await second]).toEqual([named(1), named(1)]);
    expect(answers).toHaveLength(1);
  });

  it('is asked anew for whoever comes once it is on its way', async () => {
    const { generations, answers } = open();
    const first = generations.current(['catalogue']);
    while (answers.length === 0) await turn();
    const late = generations.current(['catalogue']);
    await answer(answers, 0);
    expect(await first).toEqual(named(1));
    await answer(answers, 1);
    expect(await late).toEqual(named(2));
  });
});

/** Lets the database answer a question, once it has been sent. */
async function answer(answers: (() => void)[], number: number): Promise<void> {
  while (answers.length <= number) await turn();
  answers[number]?.();
}
