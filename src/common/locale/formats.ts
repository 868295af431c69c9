import { currencyDigits } from '../money/currency';

/** An amount for people to read: 1999 USD is `$19.99` in `en` and `19,99 $` in `de`. */
export function formatMoney(minor: number, currency: string, locale: string): string {
  const digits = currencyDigits(currency);
  const style = {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  } as const;
  // As text, a decimal number stays exact whatever its size.
  return new Intl.NumberFormat(locale, style).format(`${minor}e-${digits}` as `${number}`);
}

export function formatNumber(value: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(value);
}

/** An instant for people to read, in UTC and saying so: `November 20, 2026 at 9:30 AM UTC`. */
export function formatInstant(instant: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short',
  }).format(new Date(instant));
}
