import { Column, type ColumnOptions } from 'typeorm';

const minorUnits = {
  to(value: unknown): unknown {
    if (typeof value === 'number' && !Number.isSafeInteger(value)) {
      throw new RangeError('money is stored in integer minor units');
    }
    return value;
  },
  from: (value: string | null): number | null => (value === null ? null : fromBigint(value)),
};

/** A `bigint` column of integer minor units that refuses what is not a safe integer. */
export function MoneyColumn(options: ColumnOptions = {}): PropertyDecorator {
  return Column({ ...options, type: 'bigint', transformer: minorUnits });
}

/** A bigint as PostgreSQL sends it, as a number. @throws RangeError past 2^53, where numbers stop being exact */
export function fromBigint(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number))
    throw new RangeError('a stored amount is past what a number holds exactly');
  return number;
}
