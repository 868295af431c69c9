import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsIn } from 'class-validator';
import { type Role, ROLES } from '../../../common/auth/authenticated-user';
import { EmailField } from '../../../common/validation/account-fields';
import { Flag, Optional } from '../../../common/validation/fields';
import { ProfileDto } from './create-user.dto';

/** The profile, and for admins the account: e-mail, roles, isActive. */
export class UpdateUserDto extends ProfileDto {
  /** Admins only. */
  @Optional()
  @EmailField()
  email?: string;

  /** Admins only. */
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
