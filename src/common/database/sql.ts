/** Collects the conditions of a WHERE clause with their parameters: `$1`, `$2`, … */
export class SqlFilter {
  private readonly conditions: string[] = [];
  readonly parameters: unknown[] = [];

  /** Adds a parameter and returns its placeholder. */
  parameter(value: unknown): string {
    this.parameters.push(value);
    return `$${this.parameters.length}`;
  }

  /** Adds a condition; each `?` stands for the next value. */
  add(condition: string, ...values: unknown[]): this {
    let next = 0;
    this.conditions.push(condition.replace(/\?/g, () => this.parameter(values[next++])));
    return this;
  }

  /** Adds a condition unless the value is undefined; each `?` stands for that value. */
  addIf(value: unknown, condition: string): this {
    if (value === undefined) return this;
    const placeholder = this.parameter(value);
    this.conditions.push(condition.replace(/\?/g, placeholder));
    return this;
  }

  /** `WHERE a AND b`, or nothing. */
  get where(): string {
    return this.conditions.length === 0 ? '' : `WHERE ${this.conditions.join(' AND ')}`;
  }
}

/** A pattern for ILIKE that finds the text anywhere: what is typed is text, never a pattern. */
export function containsPattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/**
 * ORDER BY of a `sort` parameter, ended by the id so that the order is total.
 * @param columns the column of each field that may be sorted by
 */
export function orderBy(
  sort: readonly string[],
  columns: Readonly<Record<string, string>>,
  id: string,
): string {
  const terms = sort.map((term) => {
    const isDescending = term.startsWith('-');
    const column = columns[isDescending ? term.slice(1) : term];
    if (!column) throw new RangeError(`${term} is no field of this list`);
    return `${column} ${isDescending ? 'DESC' : 'ASC'}`;
  });
  const lastDirection = terms.at(-1)?.split(' ').at(-1) ?? 'ASC';
  return `ORDER BY ${[...terms, `${id} ${lastDirection}`].join(', ')}`;
}
