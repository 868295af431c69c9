import { createHash, createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { DomainError } from '../../common/errors/domain-error';
import { PersonalData } from '../../common/personal-data/personal-data';
import { ENV, type Env } from '../../config/env';
import { MailToken, type MailTokenPurpose } from './entities/mail-token.entity';

/** How long a mailed token works, in hours. */
const LIFETIME_HOURS: Record<MailTokenPurpose, number> = { reset_password: 1, verify_email: 72 };

/** Until its mail is sent nobody knows a token; so long it waits for that. */
const WAITING_HOURS = 72;

/** A token that is mailed right now. */
export interface IssuedToken {
  userId: string;
  token: string;
  expiresAt: Date;
}

/**
 * One-time tokens that are mailed, kept as hashes, bound to the e-mail that they go to. A token is derived from its id:
 * who queues its mail needs to know the id only, and a mail that is sent twice holds the same token both times.
 */
@Injectable()
export class MailTokensService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENV) private readonly env: Env,
    personalData: PersonalData,
  ) {
    personalData.onErase((userId, tx) => tx.delete(MailToken, { userId }));
  }

  /**
   * Makes room for a token of the account under this e-mail, in the caller's transaction.
   * @returns its id; also when there is no such account, so that nobody can tell
   */
  async open(emailKey: string, purpose: MailTokenPurpose, tx: EntityManager): Promise<string> {
    const id = uuidv7();
    await tx.query(
      `INSERT INTO mail_tokens (id, user_id, purpose, token_hash, email_hash, expires_at)
       SELECT $1, id, $2, $3, $4, now() + make_interval(hours => $5)
         FROM users WHERE email_key = $6 AND is_active FOR KEY SHARE`,
      [id, purpose, sha256(this.tokenOf(id)), sha256(emailKey), WAITING_HOURS, emailKey],
    );
    return id;
  }

  /**
   * The token with this id, which begins to live now.
   * @returns null when it was used or withdrawn, when the account is no more, or when it has another e-mail now
   */
  async issue(id: string, purpose: MailTokenPurpose): Promise<IssuedToken | null> {
    const token = this.tokenOf(id);
    const [[issued]] = await this.dataSource.query<[Omit<IssuedToken, 'token'>[], number]>(
      `UPDATE mail_tokens t SET token_hash = $2, expires_at = now() + make_interval(hours => $3)
         FROM users u
        WHERE t.id = $1 AND t.used_at IS NULL AND u.id = t.user_id AND u.is_active
          AND t.email_hash = sha256(convert_to(u.email_key, 'UTF8'))
       RETURNING t.user_id AS "userId", t.expires_at AS "expiresAt"`,
      [id, sha256(token), LIFETIME_HOURS[purpose]],
    );
    return issued ? { ...issued, token } : null;
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

  /** Without the server's secret nobody can compute it. */
  private tokenOf(id: string): string {
    return createHmac('sha256', this.env.JWT_SECRET).update(`mail ${id}`).digest('base64url');
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
