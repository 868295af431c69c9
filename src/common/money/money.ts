import { invalid } from '../errors/domain-error';
import { currencyDigits } from './currency';

/** The largest amount that the shop takes, in major units. */
export const MAX_AMOUNT = 99_999_999.99;

/** The largest sum, in minor units: any number of fifteen digits is exact in JSON, wherever its point stands. */
export const MAX_SUM_MINOR = 999_999_999_999_999;

/**
 * An amount of the API (major units, 19.99) as integer minor units (1999), exact.
 * @param field the JSON path that an error names
 * @throws DomainError `validation_failed` for more digits than the currency has
 */
export function toMinor(amount: number, currency: string, field: string): number {
  const digits = currencyDigits(currency);
  const match = /^(\d+)(?:\.(\d+))?$/.exec(String(amount));
  const fraction = match?.[2] ?? '';
  if (!match || fraction.length > digits) {
    throw invalid(field, 'too_many_digits', `${field} has more digits than ${currency} has (${digits}).`);
  }
  return Number(`${match[1]}${fraction.padEnd(digits, '0')}`);
}

/** {@link toMinor} for an amount that may be missing: null and undefined stay as they are. */
export function toMinorOrNull<T extends null | undefined>(
  amount: number | T,
  currency: string,
  field: string,
): number | T {
  return typeof amount === 'number' ? toMinor(amount, currency, field) : amount;
}

/** Integer minor units (1999) as an amount of the API (19.99). */
export function toMajor(minor: number, currency: string): number {
  return minor / 10 ** currencyDigits(currency);
}

/** {@link toMajor} that keeps null. */
export function toMajorOrNull(minor: number | null, currency: string): number | null {
  return minor === null ? null : toMajor(minor, currency);
}

/**
 * A share of an amount, rounded half up to the minor unit.
 * @param minor integer minor units, 0 or more
 * @param basisPoints hundredths of a percent, 0 to 10,000
 */
export function shareOf(minor: number, basisPoints: number): number {
  return Number((BigInt(minor) * BigInt(basisPoints) + 5_000n) / 10_000n);
}

/** Unit price times quantity, in minor units. @throws DomainError `validation_failed` past {@link MAX_SUM_MINOR} */
export function lineTotal(unitPriceMinor: number, quantity: number): number {
  return assertExact(unitPriceMinor * quantity);
}

/** The sum of amounts in minor units. @throws DomainError `validation_failed` past {@link MAX_SUM_MINOR} */
export function sumMinor(amounts: readonly number[]): number {
  return assertExact(add(amounts));
}

/** {@link sumMinor} for what must stay readable: a larger sum is shown as {@link MAX_SUM_MINOR}. */
export function cappedSumMinor(amounts: readonly number[]): number {
  return Math.min(add(amounts), MAX_SUM_MINOR);
}

function add(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

function assertExact(minor: number): number {
  if (minor <= MAX_SUM_MINOR) return minor;
  throw invalid('items', 'amount_too_large', 'The amount has more digits than we can compute exactly.');
}
