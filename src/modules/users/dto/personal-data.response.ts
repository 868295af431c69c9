import { ApiProperty } from '@nestjs/swagger';
import { UserAddressResponse } from './address-book.response';
import { UserResponse } from './user.response';

/** A schema of a module that this one does not know, by its name in the document. */
const schemaOf = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });

/** A use of a coupon, as the person sees it. */
class ExportedRedemption {
  code: string;
  orderId: string;
  at: string;
  cancelledAt: string | null;
}

/** All that is kept about a person: the account, and the part of each module that knows something. */
export class PersonalDataExport {
  exportedAt: string;
  user: UserResponse;
  /** In which mails write amounts and dates: BCP 47. */
  locale: string;
  @ApiProperty({ type: [UserAddressResponse], required: true })
  addresses?: unknown;
  @ApiProperty({ type: 'array', items: schemaOf('DeviceResponse'), required: true })
  sessions?: unknown;
  @ApiProperty({ allOf: [schemaOf('CartResponse')], nullable: true, required: true })
  cart?: unknown;
  @ApiProperty({ type: 'array', items: schemaOf('OrderResponse'), required: true })
  orders?: unknown;
  @ApiProperty({ type: [ExportedRedemption], required: true })
  couponRedemptions?: unknown;
}
