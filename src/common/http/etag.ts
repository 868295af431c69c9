import { createHash } from 'node:crypto';
import { DomainError } from '../errors/domain-error';

/**
 * The entity tag of something with a version: `"7"`, or `"7.x"` where the answer also shows something of
 * others, `x` changing with that.
 */
export function versionTag(version: number, others?: unknown): string {
  if (others === undefined) return `"${version}"`;
  const hash = createHash('sha1').update(JSON.stringify(others)).digest('base64url');
  return `"${version}.${hash.slice(0, 10)}"`;
}

/** What a write expects to find, from `If-Match`. */
export class Precondition {
  private readonly tags: readonly string[];

  constructor(header: string | undefined) {
    this.tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  }

  /** False when every state will do, so that the current tag need not be made. */
  get isGiven(): boolean {
    return this.tags.length > 0;
  }

  /**
   * Compares with the state inside the lock. The whole tag counts, or the version alone (`"7"`).
   * @throws DomainError `version_mismatch`
   */
  assertMatches(current: string): void {
    const versionOnly = current.replace(/\..*"$/, '"');
    const matches = this.tags.some((tag) => tag === '*' || tag === current || tag === versionOnly);
    if (this.isGiven && !matches) {
      throw new DomainError('version_mismatch', `This has changed since: it is now ${current}.`);
    }
  }
}
