import { Draining } from './draining';

describe('an instance on its way out', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('lets long work go on for ten seconds, and then says that it is to stop', () => {
    const draining = new Draining();
    expect([draining.hasBegun, draining.signal.aborted]).toEqual([false, false]);
    draining.begin();
    jest.advanceTimersByTime(9_999);
    expect([draining.hasBegun, draining.signal.aborted]).toEqual([true, false]);
    jest.advanceTimersByTime(1);
    expect(() => draining.signal.throwIfAborted()).toThrow(
      expect.objectContaining({ code: 'service_unavailable' }),
    );
  });

  it('hands reads back only when its port is about to close', () => {
    const draining = new Draining();
    draining.hold({ isShared: true })();
    expect([draining.held, draining.handsReadsBack]).toEqual([null, false]);
    draining.hold();
    expect([draining.held, draining.handsReadsBack]).toEqual([expect.any(Promise), true]);
  });
});
