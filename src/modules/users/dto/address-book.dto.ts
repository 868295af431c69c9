import { PartialType } from '@nestjs/swagger';
import { AddressDto } from '../../../common/address/address.dto';
import { Flag, Optional } from '../../../common/validation/fields';

export class CreateAddressDto extends AddressDto {
  /** true makes it the default in the place of another. The first address always is. */
  @Optional()
  @Flag()
  isDefault?: boolean;
}

export class UpdateAddressDto extends PartialType(CreateAddressDto, { skipNullProperties: false }) {}
