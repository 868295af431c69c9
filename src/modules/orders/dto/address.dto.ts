import { Transform } from 'class-transformer';
import { IsISO31661Alpha2, IsString } from 'class-validator';
import { PhoneField } from '../../../common/validation/account-fields';
import { Nullable, Text } from '../../../common/validation/fields';

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
