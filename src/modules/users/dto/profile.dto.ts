import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsIn } from 'class-validator';
import { type Role, ROLES } from '../../../common/auth/authenticated-user';
import { PhoneField, UsernameField } from '../../../common/validation/account-fields';
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

/** The profile, and what the account may do, which is for admins. */
export class AccountDto extends ProfileDto {
  /** Admins only. A new account is a CUSTOMER unless told. */
  @Optional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(ROLES.length)
  @ArrayUnique()
  @IsIn(ROLES, { each: true })
  @ApiPropertyOptional({ enum: ROLES, enumName: 'Role', isArray: true })
  roles?: Role[];

  /** Admins only. */
  @Optional()
  @Flag()
  isActive?: boolean;
}
