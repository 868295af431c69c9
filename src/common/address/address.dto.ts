import { Transform } from 'class-transformer';
import { IsISO31661Alpha2, IsString } from 'class-validator';
import { PhoneField } from '../validation/account-fields';
import { Nullable, Text } from '../validation/fields';

export class AddressDto {
  @Nullable()
  @Text(200)
  fullName?: string | null;

  @Nullable()
  @PhoneField()
  phone?: string | null;

  @Text(200)
  street: string;

  @Nullable()
  @Text(200)
  street2?: string | null;

  @Text(100)
  city: string;

  @Nullable()
  @Text(100)
  state?: string | null;

  @Text(20)
  zipCode: string;

  /** ISO 3166-1 alpha-2. */
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? value.trim().toUpperCase() : value,
  )
  @IsString()
  @IsISO31661Alpha2()
  country: string;
}

/** An address as it is stored: what was left out is null. */
export interface StoredAddress {
  fullName: string | null;
  phone: string | null;
  /** Null once the person is erased. */
  street: string | null;
  street2: string | null;
  city: string;
  state: string | null;
  zipCode: string;
  country: string;
}

/** The address with null for what was left out, and nothing else. */
export function toStoredAddress(address: AddressDto): StoredAddress & { street: string } {
  const {
    fullName = null,
    phone = null,
    street,
    street2 = null,
    city,
    state = null,
    zipCode,
    country,
  } = address;
  return { fullName, phone, street, street2, city, state, zipCode, country };
}
