export class UserAddressResponse {
  id: string;
  fullName: string | null;
  phone: string | null;
  street: string;
  street2: string | null;
  city: string;
  state: string | null;
  zipCode: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** Exactly one of a user's addresses is. */
  isDefault: boolean;
}

export class UserAddressList {
  data: UserAddressResponse[];
}
