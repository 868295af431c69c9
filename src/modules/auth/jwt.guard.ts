import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard, type IAuthModuleOptions } from '@nestjs/passport';
import { type Access, ACCESS } from '../../common/auth/access.decorators';
import { cartTokenOf } from '../../common/auth/cart-token';
import { DomainError } from '../../common/errors/domain-error';
import type { AppRequest } from '../../common/http/app-request';
import { IGNORES_ACCESS_TOKEN } from './client';
import { JwtStrategy } from './jwt.strategy';

/** Lets a request pass that has a good access token, or none where the route is public, or is for guests and has a cart's. */
@Injectable()
export class JwtGuard extends AuthGuard() {
  constructor(
    private readonly reflector: Reflector,
    strategy: JwtStrategy,
  ) {
    super(oneForEachRequest(strategy));
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AppRequest>();
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(IGNORES_ACCESS_TOKEN, targets)) return true;
    if (request.headers.authorization === undefined) {
      const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, targets);
      if (access === 'public' || (access === 'guest' && cartTokenOf(request) !== undefined)) return true;
      throw new DomainError('unauthenticated', 'Sign in first.');
    }
    return (await super.canActivate(context)) === true;
  }

  /** What passport found: the user, or why there is none. */
  override handleRequest<TUser>(error: unknown, user: TUser | false, info: unknown): TUser {
    if (error instanceof Error) throw error;
    if (user) return user;
    if (info instanceof Error && info.name === 'TokenExpiredError') {
      throw new DomainError('token_expired', 'The access token has expired. Refresh it.');
    }
    throw new DomainError('invalid_token', 'The access token is not valid.');
  }
}

/**
 * Options that hand passport a strategy itself and not its name, since its registry of names is one for the whole
 * process: the last application made in it would serve all others. Passport writes a request's callbacks onto
 * the strategy, so each request gets a strategy object of its own.
 */
function oneForEachRequest(strategy: JwtStrategy): IAuthModuleOptions {
  return {
    get defaultStrategy() {
      return Object.create(strategy) as string;
    },
  };
}
