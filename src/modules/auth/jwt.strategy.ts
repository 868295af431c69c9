import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import {
  type AccessClaims,
  AccessTokens,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  TOKEN_TYPE,
} from '../../common/auth/access-tokens';
import type { AuthenticatedUser } from '../../common/auth/authenticated-user';
import { DomainError } from '../../common/errors/domain-error';
import { sessionEnded } from './auth.errors';
import { SessionsService } from './sessions.service';

/** What no token was signed with: a token that names no key of ours fails like any other forgery. */
const UNKNOWN_KEY = createSecretKey(randomBytes(32));

/** Checks an access token's signature and claims, then its session and user as stored. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(
    accessTokens: AccessTokens,
    private readonly sessions: SessionsService,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: (_: unknown, token: string, done: (error: null, key: string) => void) =>
        done(null, asDeclared(accessTokens.keyOf(token) ?? UNKNOWN_KEY)),
      algorithms: ['HS256'],
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
    });
  }

  /** Called by passport with the claims of a token whose signature, times, issuer and audience are good. */
  async validate({ typ, sub, sid, exp }: AccessClaims): Promise<AuthenticatedUser> {
    if (typ !== TOKEN_TYPE) throw new DomainError('invalid_token', 'The access token is not valid.');
    const user = await this.sessions.findUser(sid, sub);
    if (!user) throw sessionEnded();
    return { ...user, accessEndsAt: new Date(exp * 1000) };
  }
}

/** passport-jwt hands on what it is given to jsonwebtoken, which takes keys; its types know strings only. */
function asDeclared(key: KeyObject): string {
  return key as unknown as string;
}
