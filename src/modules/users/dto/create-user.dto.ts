import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsIn } from 'class-validator';
import { type Role, ROLES } from '../../../common/auth/authenticated-user';
import {
  EmailField,
  NewPassword,
  PhoneField,
  UsernameField,
} from '../../../common/validation/account-fields';
import { Flag, Nullable, Optional, Text } from '../../../common/validation/fields';

/** What people say about themselves. */
export class ProfileDto {
  /** 3 to 32 letters, digits, dots, underscores and hyphens; compared without case. */
  @Nullable()
  @UsernameField()
  username?: string | null;

  @Nullable()
  @Text(100)
  firstName?: string | null;

  @Nullable()
  @Text(100)
  lastName?: string | null;

  @Nullable()
  @PhoneField()
  phone?: string | null;
}

export class CreateUserDto extends ProfileDto {
  @EmailField()
  email: string;

  /** 8 characters or more, at most 72 bytes in UTF-8. */
  @NewPassword()
  password: string;

  /** CUSTOMER unless told. */
  @Optional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(ROLES.length)
  @ArrayUnique()
  @IsIn(ROLES, { each: true })
  @ApiPropertyOptional({ enum: ROLES, enumName: 'Role', isArray: true })
  roles?: Role[];

  @Optional()
  @Flag()
  isActive?: boolean;
}
