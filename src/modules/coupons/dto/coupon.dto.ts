import { PartialType } from '@nestjs/swagger';
import { IsNumber, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import {
  Amount,
  Flag,
  Instant,
  Nullable,
  Optional,
  Trim,
  WholeNumber,
} from '../../../common/validation/fields';

const MAX_USES = 1_000_000_000;

export class CreateCouponDto {
  /** 3 to 40 letters, digits, hyphens and underscores; compared without case. */
  @Trim()
  @IsString()
  @Matches(/^[A-Za-z0-9_-]{3,40}$/, {
    message: 'code takes 3 to 40 letters, digits, hyphens and underscores',
  })
  code: string;

  @Nullable()
  @MaxLength(500)
  @IsString()
  description?: string | null;

  /** Above 0 to 100, two digits at most. Either this or discountAmount. */
  @Nullable()
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0.01)
  @Max(100)
  discountPercent?: number | null;

  /** Major units of the store's currency. Either this or discountPercent. */
  @Nullable()
  @Amount()
  discountAmount?: number | null;

  /** The least subtotal, in major units of the store's currency. */
  @Nullable()
  @Amount()
  minPurchase?: number | null;

  /** The most that a percentage takes off, in major units of the store's currency. */
  @Nullable()
  @Amount()
  maxDiscount?: number | null;

  /** RFC 3339. */
  @Nullable()
  @Instant()
  validFrom?: string | null;

  /** RFC 3339: the first instant at which it is no longer valid. */
  @Nullable()
  @Instant()
  validUntil?: string | null;

  /** Uses in all; null for no limit. */
  @Nullable()
  @WholeNumber(1, MAX_USES)
  usageLimit?: number | null;

  /** Uses by one user; null for no limit. */
  @Nullable()
  @WholeNumber(1, MAX_USES)
  usageLimitPerUser?: number | null;

  /** true unless told. */
  @Optional()
  @Flag()
  isActive?: boolean;
}

export class UpdateCouponDto extends PartialType(CreateCouponDto, { skipNullProperties: false }) {}
