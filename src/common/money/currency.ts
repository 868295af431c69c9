import { code as findCurrency } from 'currency-codes';

/** True for an active ISO 4217 code of a currency that has coins or notes (`USD`, not `XXX` or `XAU`). */
export function isCurrency(value: string): boolean {
  return /^[A-Z]{3}$/.test(value) && !/^X(?!AF|CD|OF|PF|CG)/.test(value) && findCurrency(value) !== undefined;
}

/** Each amount of an answer asks, and the list is searched from its beginning. */
const knownDigits = new Map<string, number>();

/**
 * Digits after the decimal point that ISO 4217 gives the currency: 2 for USD, 0 for JPY, 3 for KWD.
 * @throws RangeError for what is no currency
 */
export function currencyDigits(currency: string): number {
  const known = knownDigits.get(currency);
  if (known !== undefined) return known;
  const found = findCurrency(currency);
  if (!found) throw new RangeError(`${currency} is not a currency`);
  knownDigits.set(currency, found.digits);
  return found.digits;
}
