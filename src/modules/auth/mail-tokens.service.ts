import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { DomainError } from '../../common/errors/domain-error';
import { PersonalData } from '../../common/personal-data/personal-data';
import { MailToken, type MailTokenPurpose } from './entities/mail-token.entity';

/** How long a mailed token works, in hours. */
const LIFETIME_HOURS: Record<MailTokenPurpose, number> = { reset_password: 1, verify_email: 72 };

/** One-time tokens that are mailed: 32 random bytes, kept as hashes, bound to the e-mail that they went to. */
@Injectable()
export class MailTokensService {
  constructor(
    private readonly dataSource: DataSource,
    personalData: PersonalData,
  ) {
    personalData.onErase((userId, tx) => tx.delete(MailToken, { userId }));
  }

  /** Makes a token and returns what is to be mailed; null when the account is no more, or has another e-mail now. */
  async issue(userId: string, emailKey: string, purpose: MailTokenPurpose): Promise<string | null> {
    const token = randomBytes(32).toString('base64url');
    const issued = await this.dataSource.query<unknown[]>(
      `INSERT INTO mail_tokens (id, user_id, purpose, token_hash, email_hash, expires_at)
       SELECT $1, id, $3, $4, $5, now() + make_interval(hours => $6)
         FROM users WHERE id = $2 AND email_key = $7 AND is_active FOR KEY SHARE
       RETURNING id`,
      [uuidv7(), userId, purpose, sha256(token), sha256(emailKey), LIFETIME_HOURS[purpose], emailKey],
    );
    return issued.length > 0 ? token : null;
  }

  /** Whether the token would work now: for refusing it before a password is hashed. @throws as {@link redeem} */
  async assertRedeemable(token: string, purpose: MailTokenPurpose): Promise<void> {
    const rows = await this.dataSource.query<unknown[]>(
      'SELECT FROM mail_tokens WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > now()',
      [sha256(token), purpose],
    );
    if (rows.length === 0) throw invalidMailToken();
  }

  /**
   * Uses a token up, with all others of its user and purpose, in the caller's transaction. One guarded statement
   * decides which of several requests is the one.
   * @returns the user's id
   * @throws DomainError `invalid_token` (422) for an unknown, used or expired one, or when the e-mail has changed
   */
  async redeem(token: string, purpose: MailTokenPurpose, tx: EntityManager): Promise<string> {
    // The user first, as whoever changes a password or erases an account locks them.
    const [user] = await tx.query<{ id: string; emailKey: string }[]>(
      `SELECT u.id, u.email_key AS "emailKey" FROM users u JOIN mail_tokens t ON t.user_id = u.id
        WHERE t.token_hash = $1 AND u.is_active FOR NO KEY UPDATE OF u`,
      [sha256(token)],
    );
    if (!user) throw invalidMailToken();
    const [used] = await tx.query<[unknown[], number]>(
      `UPDATE mail_tokens SET used_at = now()
        WHERE token_hash = $1 AND purpose = $2 AND email_hash = $3 AND used_at IS NULL AND expires_at > now()
       RETURNING id`,
      [sha256(token), purpose, sha256(user.emailKey)],
    );
    if (used.length === 0) throw invalidMailToken();
    await this.spendAll(user.id, purpose, tx);
    return user.id;
  }

  /** Makes every open token of this purpose useless. */
  async spendAll(userId: string, purpose: MailTokenPurpose, tx: EntityManager): Promise<void> {
    await tx.query(
      'UPDATE mail_tokens SET used_at = now() WHERE user_id = $1 AND purpose = $2 AND used_at IS NULL',
      [userId, purpose],
    );
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function invalidMailToken(): DomainError {
  return new DomainError('invalid_token', 'This link has expired or was used.', { kind: 'invalid' });
}
