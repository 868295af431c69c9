const SEPARATOR = ' > ';

/**
 * A category as a catalogue file names it: names from the root, separated by ` > `. A ` > ` inside a name is
 * written ` \> `.
 */
export function formatCategoryPath(names: readonly string[]): string {
  return names.map((name) => name.replace(/ >(?= |$)/g, ' \\>')).join(SEPARATOR);
}

/** The names of {@link formatCategoryPath}, each trimmed; some may be empty. */
export function parseCategoryPath(path: string): string[] {
  return path.split(SEPARATOR).map((name) => name.replace(/ \\>(?= |$)/g, ' >').trim());
}
