import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { JwtSecretRequestType, JwtService } from '@nestjs/jwt';
import { ENV, type Env } from '../../config/env';

export const TOKEN_ISSUER = 'cartwright';
export const TOKEN_AUDIENCE = 'cartwright-api';
export const TOKEN_TYPE = 'access';

/** What an access token says. Times are seconds since 1970. */
export interface AccessClaims {
  /** The user's id. */
  sub: string;
  /** The session's id. */
  sid: string;
  jti: string;
  typ: typeof TOKEN_TYPE;
  iat: number;
  exp: number;
}

/**
 * Signs access tokens (HS256) and reads them. Each names its key (`kid`), so that during a change of the secret
 * tokens of the previous one stay good until they expire.
 */
@Injectable()
export class AccessTokens {
  /** Made once: from a string, jsonwebtoken makes a key for each token, which takes longer than to check it. */
  private readonly keys: ReadonlyMap<string, KeyObject>;
  private readonly keyId: string;
  private readonly jwt: JwtService;

  constructor(@Inject(ENV) private readonly env: Env) {
    const secrets = [env.JWT_SECRET, env.JWT_SECRET_PREVIOUS].filter((secret) => secret !== undefined);
    this.keys = new Map(secrets.map((secret) => [keyIdOf(secret), createSecretKey(secret, 'utf8')]));
    this.keyId = keyIdOf(env.JWT_SECRET);
    this.jwt = new JwtService({
      signOptions: { algorithm: 'HS256', keyid: this.keyId },
      secretOrKeyProvider: (type, token) => {
        const isVerified = type === JwtSecretRequestType.VERIFY && typeof token === 'string';
        return (isVerified ? this.keyOf(token) : this.keys.get(this.keyId)) ?? '';
      },
    });
  }

  get lifetimeSeconds(): number {
    return this.env.JWT_ACCESS_TTL_SECONDS;
  }

  /**
   * Signs a token. The same arguments give the same token, so that a repeated refresh can answer alike.
   * @param issuedAt counts in whole seconds
   */
  sign(userId: string, sessionId: string, tokenId: string, issuedAt: Date): string {
    const iat = Math.floor(issuedAt.getTime() / 1000);
    const claims = {
      sub: userId,
      sid: sessionId,
      jti: tokenId,
      typ: TOKEN_TYPE,
      iat,
      exp: iat + this.lifetimeSeconds,
    };
    return this.jwt.sign({ ...claims, iss: TOKEN_ISSUER, aud: TOKEN_AUDIENCE });
  }

  /** The key that a token says it was signed with, or today's when it names none; undefined for an unknown name. */
  keyOf(token: string): KeyObject | undefined {
    const kid = this.keyIdIn(token) ?? this.keyId;
    return typeof kid === 'string' ? this.keys.get(kid) : undefined;
  }

  /** Decoding throws for claims that are no JSON: what is wrong with a token is for its verification to say. */
  private keyIdIn(token: string): unknown {
    try {
      return this.jwt.decode<{ header: { kid?: unknown } } | null>(token, { complete: true })?.header.kid;
    } catch {
      return undefined;
    }
  }

  /** The claims of a good Bearer token, or null. Whether its session still lives is not looked up. */
  peek(authorization: string | undefined): AccessClaims | null {
    const token = authorization?.match(/^Bearer ([\w.-]{1,4096})$/i)?.[1];
    if (!token) return null;
    try {
      const claims = this.jwt.verify<AccessClaims>(token, {
        algorithms: ['HS256'],
        issuer: TOKEN_ISSUER,
        audience: TOKEN_AUDIENCE,
      });
      return claims.typ === TOKEN_TYPE ? claims : null;
    } catch {
      return null;
    }
  }
}

/** Names a secret without telling anything of it. */
function keyIdOf(secret: string): string {
  return createHash('sha256').update(`kid ${secret}`).digest('base64url').slice(0, 8);
}
