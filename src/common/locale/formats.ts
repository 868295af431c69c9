import { LRUCache } from 'lru-cache';
import { currencyDigits } from '../money/currency';

type Format = Intl.NumberFormat | Intl.DateTimeFormat;

/** Making a format takes hundreds of times as long as using it. Readers may name any language: not all are kept. */
const formats = new LRUCache<string, Format>({ max: 200 });

function formatOf<T extends Format>(key: string, make: () => T): T {
  const known = formats.get(key);
  if (known !== undefined) return known as T;
  const made = make();
  formats.set(key, made);
  return made;
}

/** An amount for people to read: 1999 USD is `$19.99` in `en` and `19,99 $` in `de`. */
export function formatMoney(minor: number, currency: string, locale: string): string {
  const digits = currencyDigits(currency);
  const style = {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  } as const;
  const format = formatOf(`money ${currency} ${locale}`, () => new Intl.NumberFormat(locale, style));
  // As text, a decimal number stays exact whatever its size.
  return format.format(`${minor}e-${digits}` as `${number}`);
}

export function formatNumber(value: number, locale: string): string {
  return formatOf(`number ${locale}`, () => new Intl.NumberFormat(locale)).format(value);
}

const INSTANT = {
  year: 'numeric',
  month: 'long',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZone: 'UTC',
  timeZoneName: 'short',
} as const;

/** An instant for people to read, in UTC and saying so: `November 20, 2026 at 9:30 AM UTC`. */
export function formatInstant(instant: string, locale: string): string {
  const format = formatOf(`instant ${locale}`, () => new Intl.DateTimeFormat(locale, INSTANT));
  return format.format(new Date(instant));
}
