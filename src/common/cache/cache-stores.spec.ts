import { inProcessStore } from './cache-stores';

const answer = (body: string) => ({ body, etag: '"1"', link: null });

describe('what is kept in this process', () => {
  it('is what was kept', async () => {
    const store = inProcessStore(1);
    await store.set('key', answer('{}'), 1_000);
    expect(await store.get('key')).toEqual(answer('{}'));
    expect(await store.get('another')).toBeUndefined();
  });

  it('ends with its lifetime', async () => {
    jest.useFakeTimers();
    const store = inProcessStore(1);
    await store.set('key', answer('{}'), 1_000);
    jest.advanceTimersByTime(1_001);
    expect(await store.get('key')).toBeUndefined();
    jest.useRealTimers();
  });

  async function kept(count: number, body: string, keyLength = 20): Promise<number> {
    const store = inProcessStore(1);
    const keys = Array.from({ length: count }, (_, n) => String(n).padStart(keyLength, 'k'));
    for (const key of keys) await store.set(key, answer(body), 60_000);
    const found = await Promise.all(keys.map((key) => store.get(key)));
    return found.filter((one) => one !== undefined).length;
  }

  it('is a megabyte of large answers', async () => {
    expect(await kept(50, 'x'.repeat(100_000))).toBeLessThanOrEqual(9);
  });

  it('is a megabyte of small answers, with what each of them costs besides', async () => {
    const count = await kept(20_000, '{}');
    expect(count).toBeLessThanOrEqual(2_000);
    expect(count).toBeGreaterThan(500);
  });

  it('is a megabyte of answers with long keys', async () => {
    expect(await kept(500, '{}', 10_000)).toBeLessThanOrEqual(100);
  });

  it('is no answer that is larger than all the room', async () => {
    expect(await kept(1, 'x'.repeat(2_000_000))).toBe(0);
  });

  it('takes two bytes for a character that Latin text has not', async () => {
    expect(await kept(50, 'ж'.repeat(100_000))).toBeLessThanOrEqual(4);
  });

  it('goes by what was asked for last', async () => {
    const store = inProcessStore(1);
    await store.set('wanted', answer('{}'), 60_000);
    for (let n = 0; n < 30; n++) {
      await store.set(`passing ${n}`, answer('x'.repeat(100_000)), 60_000);
      expect(await store.get('wanted')).toBeDefined();
    }
  });
});
