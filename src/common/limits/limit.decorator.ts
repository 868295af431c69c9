import { SetMetadata } from '@nestjs/common';

/** The rate limit classes. Routes of one class share one count for each caller. */
export type LimitClass =
  | 'catalogue'
  | 'account'
  | 'signIn'
  | 'register'
  | 'password'
  | 'refresh'
  | 'cart'
  | 'guestCart'
  | 'placeOrder'
  | 'staff'
  | 'images'
  | 'none';

/** Metadata key of a route's rate limit class. */
export const LIMIT = 'limit';

/** Chooses the rate limit class of a route. `none` is for health checks and metrics alone. */
export const Limit = (limitClass: LimitClass): MethodDecorator & ClassDecorator =>
  SetMetadata(LIMIT, limitClass);
