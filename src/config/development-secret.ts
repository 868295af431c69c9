import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StartupError } from './startup-error';

/**
 * The JWT secret of a development machine: made once and kept in the data directory, so that a restart
 * signs nobody out. Tests get a new one each time and write nothing.
 */
export function developmentSecret(dataDir: string, nodeEnv: string): string {
  if (nodeEnv === 'test') return randomBytes(32).toString('hex');
  const file = path.join(dataDir, 'jwt-secret');
  try {
    if (existsSync(file)) return readFileSync(file, 'utf8').trim();
    mkdirSync(dataDir, { recursive: true });
    const secret = randomBytes(32).toString('hex');
    writeFileSync(file, secret, { mode: 0o600 });
    return secret;
  } catch {
    throw new StartupError(
      `The data directory ${dataDir} cannot be read and written; set DATA_DIR to one that can, or JWT_SECRET to a secret.`,
    );
  }
}
