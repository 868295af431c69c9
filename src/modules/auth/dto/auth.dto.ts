import { IsString, MaxLength } from 'class-validator';
import {
  EmailField,
  NewPassword,
  PhoneField,
  UsernameField,
} from '../../../common/validation/account-fields';
import { Nullable, Text, Trim } from '../../../common/validation/fields';

export class RegisterDto {
  @EmailField()
  email: string;

  /** 8 characters or more, at most 72 bytes in UTF-8. */
  @NewPassword()
  password: string;

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
