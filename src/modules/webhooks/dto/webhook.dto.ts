import { ApiProperty, PartialType } from '@nestjs/swagger';
import {
  ArrayMinSize,
  ArrayUnique,
  Equals,
  IsArray,
  IsIn,
  IsString,
  MaxLength,
  ValidateBy,
} from 'class-validator';
import { EVENT_TYPES, type EventType } from '../../../common/events/events';
import { Flag, Nullable, Optional, Trim } from '../../../common/validation/fields';

const MAX_URL = 2_000;

export class CreateWebhookDto {
  /** https, without credentials and fragment, of a host on the public Internet. */
  @Trim()
  @IsString()
  @MaxLength(MAX_URL)
  @IsHttpUrl()
  @ApiProperty({ format: 'uri', maxLength: MAX_URL, example: 'https://erp.example.com/hooks/shop' })
  url: string;

  /** What it is told of. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(EVENT_TYPES, { each: true })
  @ApiProperty({ enum: EVENT_TYPES, enumName: 'EventType', isArray: true, minItems: 1, uniqueItems: true })
  events: EventType[];

  @Nullable()
  @IsString()
  @MaxLength(500)
  description?: string | null;

  /** true unless told. */
  @Optional()
  @Flag()
  isActive?: boolean;
}

export class UpdateWebhookDto extends PartialType(CreateWebhookDto, { skipNullProperties: false }) {
  /** false lets one that was paused go on. */
  @Optional()
  @Equals(false)
  @ApiProperty({ type: 'boolean', enum: [false] })
  isPaused?: false;
}

function IsHttpUrl(): PropertyDecorator {
  const isHttpUrl = (value: unknown): boolean =>
    typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
  return ValidateBy(
    { name: 'isHttpUrl', validator: { validate: isHttpUrl } },
    { message: '$property must be a URL that begins with https://' },
  );
}
