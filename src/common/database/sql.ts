/** Collects the conditions of a WHERE clause with their parameters: `$1`, `$2`, … */
export class SqlFilter {
  private readonly conditions: string[] = [];
  private bound = 0;
  readonly parameters: unknown[] = [];

  /** Adds a parameter and returns its placeholder. */
  parameter(value: unknown): string {
    this.parameters.push(value);
    return `$${this.parameters.length}`;
  }

  /** Adds a condition; each `?` stands for the next value. */
  add(condition: string, ...values: unknown[]): this {
    let next = 0;
    return this.push(condition.replace(/\?/g, () => this.parameter(values[next++])));
  }

  /** Adds a condition unless the value is undefined; each `?` stands for that value. */
  addIf(value: unknown, condition: string): this {
    if (value === undefined) return this;
    const placeholder = this.parameter(value);
    return this.push(condition.replace(/\?/g, placeholder));
  }

  /** `WHERE a AND b`, or nothing. */
  get where(): string {
    return this.conditions.length === 0 ? '' : `WHERE ${this.conditions.join(' AND ')}`;
  }

  /** The parameters of a statement that has the conditions and nothing that was added after them, such as an order. */
  get whereParameters(): unknown[] {
    return this.parameters.slice(0, this.bound);
  }

  private push(condition: string): this {
    this.conditions.push(condition);
    this.bound = this.parameters.length;
    return this;
  }
}

/** A pattern for ILIKE that finds the text anywhere: what is typed is text, never a pattern. */
export function containsPattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
