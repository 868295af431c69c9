import { isDeepStrictEqual } from 'node:util';

/** What is known of a thing, by the names that the API gives it. */
export type Facts = Readonly<Record<string, unknown>>;

/** Stands for a personal or secret value: that it was there is kept, what it was is not. */
export const HIDDEN = '[hidden]';

/** The entry says itself what it is about and when. */
const SAID_ELSEWHERE = ['id', 'createdAt', 'updatedAt'];

/**
 * The facts that differ, before and after. Of something new or gone, where one of the two is null, those are all.
 * @param hidden fields whose values are left out
 * @returns null when nothing differs
 */
export function changedFacts(
  before: Facts | null,
  after: Facts | null,
  hidden: readonly string[] = [],
): { before: Facts | null; after: Facts | null } | null {
  const names = Object.keys({ ...before, ...after }).filter(
    (name) => !SAID_ELSEWHERE.includes(name) && !isDeepStrictEqual(before?.[name], after?.[name]),
  );
  if (names.length === 0) return null;
  const shown = (facts: Facts | null): Facts | null => facts && pick(facts, names, hidden);
  return { before: shown(before), after: shown(after) };
}

function pick(facts: Facts, names: readonly string[], hidden: readonly string[]): Facts {
  const known = names.filter((name) => facts[name] !== undefined);
  const valueOf = (name: string): unknown =>
    hidden.includes(name) && facts[name] !== null ? HIDDEN : facts[name];
  return Object.fromEntries(known.map((name) => [name, valueOf(name)]));
}
