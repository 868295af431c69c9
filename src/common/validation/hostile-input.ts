import { DomainError, invalid } from '../errors/domain-error';

const MAX_DEPTH = 20;
const MAX_KEYS = 1_000;
const MAX_ARRAY = 1_000;

/** A NUL byte, which PostgreSQL cannot store, or half of a surrogate pair, which is no character. */
export function hasUnstorableText(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed();
}

interface Visit {
  value: unknown;
  path: string;
  depth: number;
}

/**
 * Refuses parsed JSON that later steps would choke on: nested past 20 levels, over 1,000 keys or array
 * elements, keys that every object inherits, text with NUL bytes or lone surrogates. Walks without recursion,
 * so that depth costs no stack.
 * @throws DomainError `malformed_request` for the shape, `validation_failed` for text
 */
export function assertHarmless(body: unknown): void {
  const pending: Visit[] = [{ value: body, path: '', depth: 1 }];
  let keys = 0;
  for (let visit = pending.pop(); visit; visit = pending.pop()) {
    const children = childrenOf(visit);
    keys += children.length;
    if (children.length > 0 && visit.depth > MAX_DEPTH)
      throw tooMuch(`nested more than ${MAX_DEPTH} levels deep`);
    if (keys > MAX_KEYS) throw tooMuch(`of more than ${MAX_KEYS} keys and elements`);
    pending.push(...children);
  }
}

function childrenOf({ value, path, depth }: Visit): Visit[] {
  if (typeof value === 'string') assertText(value, path);
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) {
    if (value.length > MAX_ARRAY) throw tooMuch(`with an array of more than ${MAX_ARRAY} elements`);
    return value.map((child: unknown, index) => ({
      value: child,
      path: `${path}[${index}]`,
      depth: depth + 1,
    }));
  }
  return Object.entries(value).map(([key, child]: [string, unknown]) => {
    const childPath = path === '' ? key : `${path}.${key}`;
    assertKey(key, childPath);
    return { value: child, path: childPath, depth: depth + 1 };
  });
}

/**
 * `__proto__`, `constructor`, `toString` and their like: class-transformer passes over them in silence, so that
 * the validation after it would never see them.
 * @throws DomainError `validation_failed` for such a key, and for one that cannot be stored
 */
export function assertKey(key: string, path: string): void {
  assertText(key, path);
  if (key in Object.prototype) throw invalid(path, 'unknown_property', `${path} is not a known property.`);
}

/** @throws DomainError `validation_failed` for text that cannot be stored */
export function assertText(text: string, field: string): void {
  if (hasUnstorableText(text)) {
    throw invalid(
      field.toWellFormed().replaceAll('\0', ''),
      'invalid_text',
      'Text must not hold NUL bytes or lone surrogates.',
    );
  }
}

function tooMuch(what: string): DomainError {
  return new DomainError('malformed_request', `A body ${what} is not read.`);
}
