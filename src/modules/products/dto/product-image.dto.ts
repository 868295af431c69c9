import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsString, MaxLength } from 'class-validator';
import { Nullable, Optional, QueryInt, WholeNumber } from '../../../common/validation/fields';

const MAX_ALT = 300;
/** Far past the end of any product's images, and so the end. */
const MAX_POSITION = 2_147_483_647;

/** What a picture shows, for those who do not see it. Blank is none. */
function AltText(): PropertyDecorator {
  const trim = (value: unknown): unknown => (typeof value === 'string' ? value.trim() || null : value);
  return applyDecorators(
    Transform(({ value }) => trim(value)),
    IsString(),
    MaxLength(MAX_ALT),
    ApiProperty({ maxLength: MAX_ALT }),
  );
}

/** The text fields of a form, beside its file. */
export class AddImageDto {
  /** What the picture shows, for those who do not see it. Blank is none. */
  @Nullable()
  @AltText()
  alt?: string | null;

  /** From 0; at the end when left out or past the end. */
  @Optional()
  @QueryInt(0, MAX_POSITION)
  position?: number;
}

/** The whole form, for the document: the file is not read as a field. */
export class ImageFormDto extends AddImageDto {
  /** JPEG, PNG or WebP by its content, at most 10 MB. */
  @ApiProperty({ type: 'string', format: 'binary' })
  file: string;
}

export class ChangeImageDto {
  /** What the picture shows, for those who do not see it. Blank is none. */
  @Nullable()
  @AltText()
  alt?: string | null;

  /** From 0, the others move; past the end is the end. */
  @Optional()
  @WholeNumber(0, MAX_POSITION)
  position?: number;
}
