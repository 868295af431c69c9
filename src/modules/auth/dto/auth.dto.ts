import { IsString, MaxLength } from 'class-validator';
import { EmailField, NewPassword } from '../../../common/validation/account-fields';
import { Nullable, Trim } from '../../../common/validation/fields';
import { ProfileDto } from '../../users/users.service';

export class RegisterDto extends ProfileDto {
  @EmailField()
  email: string;

  /** 8 characters or more, at most 72 bytes in UTF-8, not one of the most common. */
  @NewPassword()
  password: string;
}

export class LoginDto {
  @Trim()
  @IsString()
  @MaxLength(254)
  email: string;

  @IsString()
  @MaxLength(1000)
  password: string;
}

export class RefreshDto {
  /** May come as the Bearer token instead. */
  @Nullable()
  @IsString()
  refreshToken?: string | null;
}
