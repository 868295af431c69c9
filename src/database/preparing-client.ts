import { createHash } from 'node:crypto';
import { Client } from 'pg';

/** Each connection keeps so many statements at most; what comes later is not prepared. */
const MAX_STATEMENTS = 500;

/**
 * A list is planned for the values that it is asked with: how many rows they leave decides which index serves its order.
 * EXPLAIN asks for such a plan.
 */
const PLANNED_EACH_TIME = /\bLIMIT\b|^\s*EXPLAIN\b/;

const names = new Map<string, string>();

/** What PostgreSQL calls the statement; undefined for one that is not prepared. */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MAX_STATEMENTS || PLANNED_EACH_TIME.test(text)) return known;
  const name = `cw_${createHash('sha1').update(text).digest('base64url')}`;
  names.set(text, name);
  return name;
}

/**
 * Prepares the statements that come with parameters, be it none, when they are first sent, so that each connection
 * parses a text only once, and stops planning it where that finds nothing better.
 */
export class PreparingClient extends Client {
  constructor(options?: ConstructorParameters<typeof Client>[0]) {
    super(options);
    const send = this.query.bind(this) as (...args: unknown[]) => unknown;
    const sendPrepared = (text: unknown, values: unknown, ...rest: unknown[]): unknown => {
      const name = typeof text === 'string' && Array.isArray(values) ? nameOf(text) : undefined;
      return name === undefined ? send(text, values, ...rest) : send({ name, text, values }, ...rest);
    };
    this.query = sendPrepared as typeof this.query;
  }
}
