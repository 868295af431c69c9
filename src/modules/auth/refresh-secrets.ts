import { createHash, createHmac, randomBytes } from 'node:crypto';

/** A new refresh token: 32 random bytes. */
export function newRefreshSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * The token that follows another one. It is derived, so that a repeated refresh can be answered alike although
 * tokens are kept as hashes only; without the server's secret nobody can compute it.
 */
export function nextRefreshSecret(secret: string, serverSecret: string): string {
  return createHmac('sha256', serverSecret).update(`refresh ${secret}`).digest('base64url');
}

/** What is stored of a refresh token: its SHA-256. It has 256 bits of chance, so no salt is needed. */
export function hashOfSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** The form of a refresh token: 32 bytes in base64url. */
export function isRefreshSecret(value: string | undefined): value is string {
  return value !== undefined && /^[\w-]{43}$/.test(value);
}
