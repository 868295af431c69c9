import type { AppRequest } from '../http/app-request';

/** The header by which a guest has a cart. */
export const CART_TOKEN_HEADER = 'X-Cart-Token';

/** The token of a guest cart that was sent along, whatever it is worth; an empty one is none. */
export function cartTokenOf({ headers }: AppRequest): string | undefined {
  const token = headers['x-cart-token'];
  return typeof token === 'string' && token !== '' ? token : undefined;
}
