import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ENV, type Env } from '../../config/env';
import { invalid } from '../errors/domain-error';

const SIGNATURE_BYTES = 12;

/**
 * Places in a list, as clients hold them: opaque, and signed together with the list and its filters, so that a
 * place can neither be made up nor be used in another list.
 */
@Injectable()
export class Cursors {
  private readonly keys: readonly Buffer[];

  constructor(@Inject(ENV) { JWT_SECRET, JWT_SECRET_PREVIOUS }: Env) {
    const secrets = [JWT_SECRET, JWT_SECRET_PREVIOUS].filter((secret) => secret !== undefined);
    this.keys = secrets.map((secret) => createHmac('sha256', secret).update('list cursors').digest());
  }

  /** @param list what the place is in: the list's name with its filters and order */
  write(place: readonly string[], list: string): string {
    const payload = JSON.stringify(place);
    const [key] = this.keys;
    if (!key) throw new Error('There is no secret to sign cursors with');
    return Buffer.concat([sign(payload, list, key), Buffer.from(payload)]).toString('base64url');
  }

  /** @throws DomainError `validation_failed` for a cursor that we did not write for this list */
  read(cursor: string, list: string): string[] {
    const bytes = Buffer.from(cursor, 'base64url');
    const [signature, payload] = [
      bytes.subarray(0, SIGNATURE_BYTES),
      bytes.subarray(SIGNATURE_BYTES).toString(),
    ];
    const isOurs = this.keys.some((key) => areEqual(signature, sign(payload, list, key)));
    // Node decodes past signs that are no base64url, and past spare bits.
    if (!isOurs || bytes.toString('base64url') !== cursor)
      throw invalid('cursor', 'invalid_cursor', 'cursor is not one of this list and its filters.');
    return JSON.parse(payload) as string[];
  }
}

function sign(payload: string, list: string, key: Buffer): Buffer {
  return createHmac('sha256', key).update(`${list}\n${payload}`).digest().subarray(0, SIGNATURE_BYTES);
}

function areEqual(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
