import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { cartTokenOf } from '../../common/auth/cart-token';
import { hashOfSecret } from '../../common/auth/secrets';
import { DomainError } from '../../common/errors/domain-error';
import type { AppRequest } from '../../common/http/app-request';

/** Whose cart it is: a user's, or that of the guest who has its token. */
export type CartOwner = { userId: string } | { tokenHash: Buffer };

/** The guest who has this token, if any cart has it. */
export function guestWith(token: string): { tokenHash: Buffer } {
  return { tokenHash: hashOfSecret(token) };
}

/** The condition on a row of `carts`, with its one parameter: ownership is never checked elsewhere. */
export function ownedBy(owner: CartOwner): { column: 'user_id' | 'token_hash'; value: string | Buffer } {
  return 'userId' in owner
    ? { column: 'user_id', value: owner.userId }
    : { column: 'token_hash', value: owner.tokenHash };
}

/** Whose cart a request is about: a user who is signed in comes before a cart's token. */
export const CurrentOwner = createParamDecorator((_: unknown, context: ExecutionContext): CartOwner => {
  const request = context.switchToHttp().getRequest<AppRequest>();
  if (request.user) return { userId: request.user.id };
  const token = cartTokenOf(request);
  if (token === undefined) throw new DomainError('unauthenticated', 'Sign in first.');
  return guestWith(token);
});
