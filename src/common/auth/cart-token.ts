import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AppRequest } from '../http/app-request';
import { documentHeader } from '../openapi/document-header';

/** The header by which a guest has a cart. */
export const CART_TOKEN_HEADER = 'X-Cart-Token';

/** The token of a guest cart that was sent along, whatever it is worth; an empty one is none. */
export function cartTokenOf({ headers }: AppRequest): string | undefined {
  const token = headers['x-cart-token'];
  return typeof token === 'string' && token !== '' ? token : undefined;
}

/** The guest cart that who signs in wants to have merged. */
export const CartToken = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | undefined =>
    cartTokenOf(context.switchToHttp().getRequest<AppRequest>()),
  [
    documentHeader(
      CART_TOKEN_HEADER,
      'A guest cart: what is in it is added to the user’s cart, and the token is spent. An unknown or spent one: 404.',
    ),
  ],
);
