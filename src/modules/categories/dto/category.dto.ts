import { PartialType } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { IdField, Nullable, Optional, SlugField, Text, WholeNumber } from '../../../common/validation/fields';

export class CreateCategoryDto {
  @Text(200)
  name: string;

  /** Made from the name when left out. */
  @Optional()
  @SlugField()
  slug?: string;

  @Nullable()
  @IsString()
  @MaxLength(10_000)
  description?: string | null;

  /** The category above; null for a root. */
  @Nullable()
  @IdField()
  parentId?: string | null;

  /** The order among siblings, lowest first; 0 unless told. */
  @Optional()
  @WholeNumber(0, 1_000_000)
  position?: number;
}

export class UpdateCategoryDto extends PartialType(CreateCategoryDto, { skipNullProperties: false }) {}
