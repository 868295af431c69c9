import { dictionary } from '@zxcvbn-ts/language-common';

/** How many of the list's most common passwords are refused. */
const REFUSED = 10_000;

/**
 * The most common passwords, most common first, in lower case. Source: the `passwords-common` dictionary of
 * zxcvbn-ts (MIT licence), ranked by how often they were found in published leaks.
 */
const commonPasswords = new Set(dictionary['passwords-common'].slice(0, REFUSED));

/** True for one of the 10,000 most common passwords, whatever its case. */
export function isCommonPassword(password: string): boolean {
  return commonPasswords.has(password.toLowerCase());
}
