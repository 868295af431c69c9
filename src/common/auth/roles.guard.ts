import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '../errors/domain-error';
import type { AppRequest } from '../http/app-request';
import { type Access, ACCESS } from './access.decorators';
import { cartTokenOf } from './cart-token';

/** Lets a request pass when the route is public, is for guests, or the user has one of its roles. Closed by default. */
@Injectable()
export class RolesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (isAllowed(access, context.switchToHttp().getRequest<AppRequest>())) return true;
    throw new DomainError('forbidden', 'Your role does not allow this.');
  }
}

function isAllowed(access: Access | undefined, request: AppRequest): boolean {
  const { user } = request;
  if (access === 'public') return true;
  if (access === 'guest') return user !== undefined || cartTokenOf(request) !== undefined;
  return access?.some((role) => user?.roles.includes(role)) ?? false;
}
