import { UserResponse } from './user.response';

/** All that is kept about a person. Each part of the shop adds a property: addresses, sessions, cart, orders,
 * couponRedemptions. */
export class PersonalDataExport {
  exportedAt: string;
  user: UserResponse;
  [section: string]: unknown;
}
