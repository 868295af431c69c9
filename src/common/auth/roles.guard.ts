import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Logger } from 'pino';
import { DomainError } from '../errors/domain-error';
import { type AppRequest, requestPath } from '../http/app-request';
import { LOGGER } from '../logging/logger';
import { type Access, ACCESS } from './access.decorators';

/** Lets a request pass when the route is public or the user has one of its roles. Closed by default. */
@Injectable()
export class RolesGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === 'public') return true;
    const request = context.switchToHttp().getRequest<AppRequest>();
    const { user } = request;
    if (user && access?.some((role) => user.roles.includes(role))) return true;
    this.logger.warn({
      event: 'access_denied',
      requestId: request.id,
      userId: user?.id,
      path: requestPath(request),
    });
    throw new DomainError('forbidden', 'Your role does not allow this.');
  }
}
