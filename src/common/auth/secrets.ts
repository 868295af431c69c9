import { createHash, randomBytes } from 'node:crypto';

/** A token that nobody can guess: 32 random bytes in base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of such a token: its SHA-256. It has 256 bits of chance, so no salt is needed. */
export function hashOfSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** The form of such a token: 32 bytes in base64url. */
export function isSecret(value: string | undefined): value is string {
  return value !== undefined && /^[\w-]{43}$/.test(value);
}
