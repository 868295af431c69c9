import { randomBytes } from 'node:crypto';

/** Crockford's base 32: no I, L, O or U, so that a number can be read aloud. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const LENGTH = 9;

/**
 * A new order number, such as `CW-7K3M-9QXA2`: random, so that it tells neither how many orders there are nor
 * the next one. One of 32^9 (35 million million); a unique key refuses the rare double.
 */
export function newOrderNumber(): string {
  const characters = Array.from(randomBytes(LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return `CW-${characters.slice(0, 4)}-${characters.slice(4)}`;
}
