import { UserResponse } from './user.response';

/** All that is kept about a person. Each part of the shop adds a property: addresses, sessions, cart, orders,
 * couponRedemptions. */
export class PersonalDataExport {
  exportedAt: string;
  user: UserResponse;
  /** In which mails write amounts and dates: BCP 47. */
  locale: string;
  [section: string]: unknown;
}
