import { LimitCounter } from '../../common/limits/limit-counter';
import { parseEnv } from '../../config/env';
import type { SessionsService } from './sessions.service';
import { SignInLimits } from './sign-in-limits';

const STRANGER = { ip: '192.0.2.1', userAgent: null, locale: null };
const nobodyIsKnown = { isKnownClient: async () => false } as unknown as SessionsService;

describe('the wait after too many sign-ins', () => {
  let limits: SignInLimits;

  beforeEach(() => {
    jest.useFakeTimers({ now: new Date('2026-11-20T09:00:00Z') });
    const settings = { NODE_ENV: 'test', RATE_LIMIT_ACCOUNT_SIGN_IN: '1000' };
    limits = new SignInLimits(new LimitCounter(null), nobodyIsKnown, parseEnv(settings));
  });

  afterEach(() => jest.useRealTimers());

  /** Seconds to wait after trying until it is refused. */
  async function waitAfterTrying(): Promise<number | undefined> {
    for (let tries = 0; tries < 10; tries++) {
      try {
        await limits.assertAllowed('ann@example.com', STRANGER);
      } catch (error) {
        return (error as { retryAfterSeconds?: number }).retryAfterSeconds;
      }
    }
    return undefined;
  }

  it('doubles with each block, from one minute to fifteen', async () => {
    const waits: (number | undefined)[] = [];
    for (let block = 0; block < 6; block++) {
      const seconds = await waitAfterTrying();
      waits.push(seconds);
      await jest.advanceTimersByTimeAsync((seconds ?? 0) * 1_000);
    }
    expect(waits).toEqual([60, 120, 240, 480, 900, 900]);
  });

  it('is not made longer by who tries on in vain', async () => {
    const first = await waitAfterTrying();
    await jest.advanceTimersByTimeAsync(10_000);
    expect([first, await waitAfterTrying()]).toEqual([60, 50]);
  });
});
