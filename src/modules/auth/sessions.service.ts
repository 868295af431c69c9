import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { SessionUser } from '../../common/auth/authenticated-user';
import { LiveSessions } from '../../common/auth/live-sessions';
import { hashOfSecret, isSecret, newSecret } from '../../common/auth/secrets';
import { Transactions } from '../../common/database/transactions';
import { DomainError, notFound } from '../../common/errors/domain-error';
import { callerOf } from '../../common/limits/caller';
import { LimitCounter } from '../../common/limits/limit-counter';
import { LOGGER } from '../../common/logging/logger';
import { PersonalData } from '../../common/personal-data/personal-data';
import { ENV, type Env } from '../../config/env';
import { UsersService } from '../users/users.service';
import { invalidCredentials, sessionEnded } from './auth.errors';
import type { Client } from './client';
import type { DeviceList, DeviceResponse } from './dto/device.response';
import type { Session } from './entities/session.entity';
import { nextRefreshSecret } from './refresh-secrets';

const MINUTE_MS = 60_000;
const MAX_SESSIONS = 10;
/** A mobile app that lost the answer may ask again with the same token for so long. */
const RETRY_GRACE_SECONDS = 10;

/** What a sign-in or a refresh grants: the parts from which both tokens are made. */
export interface Grant {
  userId: string;
  sessionId: string;
  /** The id of the refresh token's row; the access token carries it, too. */
  tokenId: string;
  issuedAt: Date;
  refreshToken: string;
}

interface StoredToken {
  id: string;
  sessionId: string;
  userId: string;
  usedAt: Date | null;
  isLive: boolean;
  isInGrace: boolean;
}

/** The users behind live sessions. Ends where more conditions follow. */
const LIVE_USERS = `SELECT u.id, u.email, u.roles, s.id AS "sessionId"
   FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.revoked_at IS NULL AND s.expires_at > now() AND u.is_active`;

/** Sessions: one a device, each a family of refresh tokens of which one is live. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly limits: LimitCounter,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
    users: UsersService,
    personalData: PersonalData,
    liveSessions: LiveSessions,
  ) {
    // Or its tokens would work again when it is enabled again.
    users.onDisable((userId, tx) => this.revokeAll(userId, tx));
    liveSessions.findWith((sessionIds) => this.findUsers(sessionIds));
    personalData.onErase(eraseSessions);
    personalData.onExport('sessions', async (userId) =>
      (await this.find(userId, 'all')).map((session) => toDeviceResponse(session, null)),
    );
  }

  /**
   * Opens a session in the caller's transaction; an eleventh ends the least recently used.
   * @throws DomainError `invalid_credentials` when the user was disabled or erased since the password was checked:
   * nothing of theirs may be written any more
   */
  async open(userId: string, client: Client, tx: EntityManager): Promise<Grant> {
    const users = await tx.query<unknown[]>(
      'SELECT FROM users WHERE id = $1 AND is_active FOR NO KEY UPDATE',
      [userId],
    );
    if (users.length === 0) throw invalidCredentials();
    const sessionId = uuidv7();
    await tx.query(
      `INSERT INTO sessions (id, user_id, user_agent, ip, expires_at) VALUES ($1, $2, $3, $4, now() + make_interval(days => $5))`,
      [sessionId, userId, client.userAgent, client.ip, this.env.REFRESH_ABSOLUTE_DAYS],
    );
    await tx.query(
      // Never the new one, which another one may have been used after: this transaction may have waited.
      `UPDATE sessions SET revoked_at = now()
        WHERE user_id = $1 AND revoked_at IS NULL AND id NOT IN (
          SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > now()
           ORDER BY id = $2 DESC, last_used_at DESC, id DESC LIMIT ${MAX_SESSIONS})`,
      [userId, sessionId],
    );
    return this.issue(userId, sessionId, newSecret(), tx);
  }

  /**
   * Exchanges a refresh token for the next one. One guarded statement decides which of several requests with
   * the same token is the first; the others get the same tokens within 10 s, and end the session after that.
   * @throws DomainError `invalid_token`, `token_revoked`, `refresh_token_reused`
   */
  async refresh(secret: string | undefined): Promise<Grant> {
    if (!isSecret(secret)) throw new DomainError('invalid_token', 'The refresh token is not valid.');
    await this.limitRefreshes(secret);
    const outcome = await this.transactions.run((tx) => this.rotate(secret, tx));
    if (outcome !== 'reused') return outcome;
    throw new DomainError(
      'refresh_token_reused',
      'This refresh token was used before, so the session has ended. Sign in again.',
    );
  }

  /** Ends a session of the user at once, on every instance. Returns false when there is no such live one. */
  async revoke(sessionId: string, userId: string): Promise<boolean> {
    const [, count] = await this.dataSource.query<[unknown[], number]>(
      'UPDATE sessions SET revoked_at = now() WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL',
      [sessionId, userId],
    );
    return count > 0;
  }

  /** The user's live sessions, the last used first. */
  async list(userId: string, currentId: string | null): Promise<DeviceList> {
    const sessions = await this.find(userId, 'live');
    return { data: sessions.map((session) => toDeviceResponse(session, currentId)) };
  }

  /** {@link revoke} of a device from the list. @throws DomainError `not_found`, also for someone else's */
  async revokeOwn(sessionId: string, userId: string): Promise<void> {
    if (!(await this.revoke(sessionId, userId))) throw notFound('session');
    this.logger.info({ event: 'session_revoked', userId, sessionId });
  }

  /** Ends all sessions of the user but one, in the caller's transaction. */
  async revokeAll(userId: string, tx: EntityManager, exceptId?: string): Promise<void> {
    await tx.query(
      'UPDATE sessions SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $2',
      [userId, exceptId ?? null],
    );
  }

  /** Whether this account has signed in from the same IPv4 address, or IPv6 network, before. */
  async isKnownClient(emailKey: string, { ip }: Client): Promise<boolean> {
    const known = await this.dataSource.query<{ ip: string | null }[]>(
      'SELECT DISTINCT s.ip FROM users u JOIN sessions s ON s.user_id = u.id WHERE u.email_key = $1',
      [emailKey],
    );
    return known.some((session) => callerOf(session.ip) === callerOf(ip));
  }

  /** The user behind a live session, as stored now; null when the session, or the user's access, has ended. */
  async findUser(sessionId: string, userId: string): Promise<SessionUser | null> {
    const rows = await this.dataSource.query<SessionUser[]>(
      `${LIVE_USERS} AND s.id = $1 AND s.user_id = $2`,
      [sessionId, userId],
    );
    return rows[0] ?? null;
  }

  /** {@link findUser} for many sessions in one statement. */
  private findUsers(sessionIds: readonly string[]): Promise<SessionUser[]> {
    return this.dataSource.query<SessionUser[]>(`${LIVE_USERS} AND s.id = ANY ($1)`, [sessionIds]);
  }

  private find(userId: string, which: 'live' | 'all'): Promise<Session[]> {
    const live = `AND revoked_at IS NULL AND expires_at > now() AND last_used_at > now() - make_interval(days => $2)`;
    return this.dataSource.query<Session[]>(
      `SELECT id, user_agent AS "userAgent", ip, created_at AS "createdAt", last_used_at AS "lastUsedAt"
         FROM sessions WHERE user_id = $1 ${which === 'live' ? live : ''}
        ORDER BY last_used_at DESC, id DESC`,
      which === 'live' ? [userId, this.env.REFRESH_IDLE_DAYS] : [userId],
    );
  }

  /** Bounds the refreshes of one session. @throws DomainError `too_many_requests` */
  private async limitRefreshes(secret: string): Promise<void> {
    if (!this.env.RATE_LIMIT) return;
    const [token] = await this.dataSource.query<{ sessionId: string }[]>(
      'SELECT session_id AS "sessionId" FROM refresh_tokens WHERE token_hash = $1',
      [hashOfSecret(secret)],
    );
    if (token)
      await this.limits.assertBelow(
        `refresh:${token.sessionId}`,
        this.env.RATE_LIMIT_REFRESH_SESSION,
        MINUTE_MS,
      );
  }

  private async rotate(secret: string, tx: EntityManager): Promise<Grant | 'reused'> {
    const [used] = await tx.query<[{ sessionId: string; userId: string }[], number]>(
      `UPDATE refresh_tokens t SET used_at = now()
         FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE t.token_hash = $1 AND t.used_at IS NULL AND t.expires_at > now()
          AND s.id = t.session_id AND s.revoked_at IS NULL AND s.expires_at > now() AND u.is_active
       RETURNING t.session_id AS "sessionId", s.user_id AS "userId"`,
      [hashOfSecret(secret)],
    );
    const [first] = used;
    if (!first) return this.repeat(secret, tx);
    await tx.query('UPDATE sessions SET last_used_at = now() WHERE id = $1', [first.sessionId]);
    return this.issue(first.userId, first.sessionId, nextRefreshSecret(secret, this.env.JWT_SECRET), tx);
  }

  /** A token that is not live: a retry within the grace, a replay, or nothing that we know. */
  private async repeat(secret: string, tx: EntityManager): Promise<Grant | 'reused'> {
    const stored = await findToken(secret, tx);
    if (!stored) throw new DomainError('invalid_token', 'The refresh token is not valid.');
    if (!stored.isLive || !stored.usedAt) throw sessionEnded();
    const { userId, sessionId, usedAt, isInGrace } = stored;
    const successor = isInGrace ? await this.findSuccessor(secret, tx) : null;
    if (successor) return { userId, sessionId, issuedAt: usedAt, ...successor };
    await tx.query('UPDATE sessions SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL', [
      sessionId,
    ]);
    this.logger.warn({ event: 'refresh_token_reused', userId, sessionId });
    return 'reused';
  }

  /** The token that the first request got: derived with the secret of today, or of before its change. */
  private async findSuccessor(
    secret: string,
    tx: EntityManager,
  ): Promise<Pick<Grant, 'tokenId' | 'refreshToken'> | null> {
    for (const serverSecret of [this.env.JWT_SECRET, this.env.JWT_SECRET_PREVIOUS]) {
      const refreshToken = serverSecret && nextRefreshSecret(secret, serverSecret);
      const successor = refreshToken ? await findToken(refreshToken, tx) : null;
      if (refreshToken && successor) return { tokenId: successor.id, refreshToken };
    }
    return null;
  }

  private async issue(
    userId: string,
    sessionId: string,
    refreshToken: string,
    tx: EntityManager,
  ): Promise<Grant> {
    const tokenId = uuidv7();
    const [row] = await tx.query<{ issuedAt: Date }[]>(
      `INSERT INTO refresh_tokens (id, session_id, token_hash, expires_at)
       VALUES ($1, $2, $3, now() + make_interval(days => $4)) RETURNING created_at AS "issuedAt"`,
      [tokenId, sessionId, hashOfSecret(refreshToken), this.env.REFRESH_IDLE_DAYS],
    );
    return { userId, sessionId, tokenId, issuedAt: row?.issuedAt ?? new Date(), refreshToken };
  }
}

function toDeviceResponse(
  { id, userAgent, ip, createdAt, lastUsedAt }: Session,
  currentId: string | null,
): DeviceResponse {
  return {
    id,
    userAgent,
    ip,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt.toISOString(),
    current: id === currentId,
  };
}

async function findToken(secret: string, tx: EntityManager): Promise<StoredToken | null> {
  const rows = await tx.query<StoredToken[]>(
    `SELECT t.id, t.session_id AS "sessionId", s.user_id AS "userId", t.used_at AS "usedAt",
            s.revoked_at IS NULL AND s.expires_at > now() AND u.is_active AS "isLive",
            t.used_at > now() - make_interval(secs => ${RETRY_GRACE_SECONDS}) AS "isInGrace"
       FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id
      WHERE t.token_hash = $1`,
    [hashOfSecret(secret)],
  );
  return rows[0] ?? null;
}

async function eraseSessions(userId: string, tx: EntityManager): Promise<void> {
  await tx.query('DELETE FROM sessions WHERE user_id = $1', [userId]);
}
