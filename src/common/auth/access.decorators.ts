import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { AppRequest } from '../http/app-request';
import { type AuthenticatedUser, type Role, ROLES } from './authenticated-user';

/** Metadata key: the roles of which a route asks for at least one, `guest`, or `public`. */
export const ACCESS = 'access';

export type Access = 'public' | 'guest' | readonly Role[];

/** Anyone may call this route. A token that is sent along must still be good. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata<string, Access>(ACCESS, 'public');

/** Only users with at least one of these roles. */
export const Roles = (...roles: Role[]): MethodDecorator & ClassDecorator =>
  SetMetadata<string, Access>(ACCESS, roles);

/** Any signed-in user. */
export const SignedIn = (): MethodDecorator & ClassDecorator => Roles(...ROLES);

/** Any signed-in user, and who sends the token of a guest cart (`X-Cart-Token`) instead. Whose cart it is, the route asks. */
export const GuestOrSignedIn = (): MethodDecorator & ClassDecorator =>
  SetMetadata<string, Access>(ACCESS, 'guest');

/** Editors and admins. */
export const Staff = (): MethodDecorator & ClassDecorator => Roles('EDITOR', 'ADMIN');

/** The signed-in user; undefined on a public route that is called without a token, and for a guest. */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): AuthenticatedUser | undefined =>
    context.switchToHttp().getRequest<AppRequest>().user,
);
