import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { AppRequest } from '../http/app-request';
import { type AuthenticatedUser, type Role, ROLES } from './authenticated-user';

/** Metadata key: the roles of which a route asks for at least one, or `public`. */
export const ACCESS = 'access';

export type Access = 'public' | readonly Role[];

/** Anyone may call this route. A token that is sent along must still be good. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata<string, Access>(ACCESS, 'public');

/** Only users with at least one of these roles. */
export const Roles = (...roles: Role[]): MethodDecorator & ClassDecorator =>
  SetMetadata<string, Access>(ACCESS, roles);

/** Any signed-in user. */
export const SignedIn = (): MethodDecorator & ClassDecorator => Roles(...ROLES);

/** Editors and admins. */
export const Staff = (): MethodDecorator & ClassDecorator => Roles('EDITOR', 'ADMIN');

/** The signed-in user; undefined on a public route that is called without a token. */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): AuthenticatedUser | undefined =>
    context.switchToHttp().getRequest<AppRequest>().user,
);
