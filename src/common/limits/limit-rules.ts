import type { Env } from '../../config/env';
import type { LimitClass } from './limit.decorator';

export interface LimitRule {
  /** Requests in a window, for a caller known by IP alone. */
  perIp: number;
  /** Requests in a window, for a signed-in user; null where each IP counts, whoever asks from it. */
  perUser: number | null;
  windowMs: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The allowance of each class. Values: the settings, whose defaults stand in the README. */
export function limitRules(env: Env): Record<Exclude<LimitClass, 'none'>, LimitRule> {
  const perMinute = (perUser: number, perIp = perUser): LimitRule => ({ perUser, perIp, windowMs: MINUTE });
  // What leads to an account: by user, each account that an attacker makes would bring an allowance of its own.
  const byIp = (perIp: number, windowMs = MINUTE): LimitRule => ({ perUser: null, perIp, windowMs });
  return {
    catalogue: perMinute(env.RATE_LIMIT_CATALOGUE_USER, env.RATE_LIMIT_CATALOGUE),
    // Guests count by IP, never by cart: with a token made up for each request nobody would count at all.
    account: perMinute(env.RATE_LIMIT_ACCOUNT, env.RATE_LIMIT_GUEST),
    signIn: byIp(env.RATE_LIMIT_SIGN_IN),
    register: byIp(env.RATE_LIMIT_REGISTER_PER_HOUR, HOUR),
    password: perMinute(env.RATE_LIMIT_PASSWORD),
    refresh: byIp(env.RATE_LIMIT_REFRESH),
    cart: perMinute(env.RATE_LIMIT_CART, env.RATE_LIMIT_GUEST),
    guestCart: byIp(env.RATE_LIMIT_GUEST_CARTS_PER_HOUR, HOUR),
    placeOrder: perMinute(env.RATE_LIMIT_ORDERS),
    staff: perMinute(env.RATE_LIMIT_STAFF),
    images: perMinute(env.RATE_LIMIT_IMAGES),
  };
}
