/** The two forms that are in use, of RFC 9110. What Date.parse takes besides is no date of HTTP. */
const SECONDS = /^\d+$/;
const DATE = /^[A-Z][a-z]+, \d.* GMT$/;

/**
 * The seconds that an answer with `Retry-After` asks to be left alone for; null when it does not say. A receiver that has
 * too much to do (429) or is down (503) knows best.
 */
export function retryAfterSeconds(status: number, header: string | undefined, now: Date): number | null {
  if (header === undefined || ![429, 503].includes(status)) return null;
  if (SECONDS.test(header)) return Number(header);
  const at = DATE.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now.getTime()) / 1_000));
}
