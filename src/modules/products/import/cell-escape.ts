/**
 * What a cell cannot hold as it is: text that a spreadsheet would run as a formula, the word `null`, which clears a
 * value, and blank text, which says nothing. With apostrophes in front it is still the same kind.
 */
const SPECIAL = /^'*(?:[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]|\s*null\s*$|\s*$)/;

/** Text as a cell of a catalogue file, with an apostrophe in front where it would otherwise mean something else. */
export function escapeCell(text: string): string {
  return SPECIAL.test(text) ? `'${text}` : text;
}

/** The text of {@link escapeCell}. An apostrophe in front of anything else is part of the text. */
export function unescapeCell(cell: string): string {
  return cell.startsWith("'") && SPECIAL.test(cell) ? cell.slice(1) : cell;
}
