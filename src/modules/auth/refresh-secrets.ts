import { createHmac } from 'node:crypto';

/**
 * The refresh token that follows another one. It is derived, so that a repeated refresh can be answered alike although
 * tokens are kept as hashes only; without the server's secret nobody can compute it.
 */
export function nextRefreshSecret(secret: string, serverSecret: string): string {
  return createHmac('sha256', serverSecret).update(`refresh ${secret}`).digest('base64url');
}
