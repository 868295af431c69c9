import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '../errors/domain-error';
import type { AppRequest } from '../http/app-request';
import { type Access, ACCESS } from './access.decorators';

/** Lets a request pass when the route is public or the user has one of its roles. Closed by default. */
@Injectable()
export class RolesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === 'public') return true;
    const { user } = context.switchToHttp().getRequest<AppRequest>();
    if (user && access?.some((role) => user.roles.includes(role))) return true;
    throw new DomainError('forbidden', 'Your role does not allow this.');
  }
}
