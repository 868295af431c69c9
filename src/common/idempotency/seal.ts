import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What of a request may lie in a table, and what opens the answer to it. */
interface Seal {
  /** By which the same request is known again. It cannot be tried out, as a plain hash of a password could. */
  mark: Buffer;
  key: Buffer;
}

/**
 * Both come from the server's secret and the request together: who has only the table can neither read the answer nor
 * guess the request.
 * @param requestHash SHA-256
 * @param label what else is to be the same
 */
export function sealOf(serverSecret: string, requestHash: Buffer, label: string): Seal {
  const bytes = Buffer.from(hkdfSync('sha256', serverSecret, requestHash, `idempotency ${label}`, 64));
  return { mark: bytes.subarray(0, 32), key: bytes.subarray(32) };
}

/** Encrypts (AES-256-GCM, a nonce of its own each time). */
export function sealed(text: string, { key }: Seal): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
}

/** @throws Error when it was sealed with another key, or changed since */
export function unsealed(text: string, { key }: Seal): string {
  const bytes = Buffer.from(text, 'base64');
  const [nonce, body] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES + TAG_BYTES)];
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
}
