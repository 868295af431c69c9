import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { type AccessClaims, TOKEN_AUDIENCE, TOKEN_ISSUER, TOKEN_TYPE } from '../../common/auth/access-tokens';
import type { AuthenticatedUser } from '../../common/auth/authenticated-user';
import { DomainError } from '../../common/errors/domain-error';
import { ENV, type Env } from '../../config/env';
import { sessionEnded } from './auth.errors';
import { SessionsService } from './sessions.service';

/** Checks an access token's signature and claims, then its session and user as stored. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(
    @Inject(ENV) env: Env,
    private readonly sessions: SessionsService,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKey: env.JWT_SECRET,
      algorithms: ['HS256'],
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
    });
  }

  /** Called by passport with the claims of a token whose signature, times, issuer and audience are good. */
  async validate({ typ, sub, sid }: AccessClaims): Promise<AuthenticatedUser> {
    if (typ !== TOKEN_TYPE) throw new DomainError('invalid_token', 'The access token is not valid.');
    const user = await this.sessions.findUser(sid, sub);
    if (!user) throw sessionEnded();
    return user;
  }
}
