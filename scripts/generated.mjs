/*
 * Files that a script writes and that are committed: `--check` fails when what is there is not what would be written.
 * They are left as written by Prettier (.prettierignore), which would fill a whole table with blanks for one long cell.
 */
import fs from 'node:fs';
import { CommandError, inRoot } from './ensure.mjs';

/** Writes the file, or with `--check` compares it. `command` is what writes it, for the message. */
export function writeOrCheck(name, text, command) {
  const file = inRoot(name);
  if (!process.argv.includes('--check')) return fs.writeFileSync(file, text);
  const present = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  if (present !== text) throw new CommandError(`${name} is not current. Run: ${command}`);
}
