const SEPARATOR = ' > ';

/**
 * A category as a catalogue file names it: names from the root, separated by ` > `. A `>` inside a name that could be
 * taken for a separator gets a backslash, ` \> `, one more where it has some already.
 */
export function formatCategoryPath(names: readonly string[]): string {
  return names.map((name) => name.replace(/(^| )(\\*)>(?= |$)/g, '$1\\$2>')).join(SEPARATOR);
}

/** The names of {@link formatCategoryPath}, each trimmed; some may be empty. */
export function parseCategoryPath(path: string): string[] {
  return path.split(SEPARATOR).map((name) => name.replace(/(^| )\\(\\*)>(?= |$)/g, '$1$2>').trim());
}
