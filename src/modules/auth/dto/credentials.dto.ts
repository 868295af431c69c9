import { IsString, MaxLength } from 'class-validator';
import { NewPassword } from '../../../common/validation/account-fields';
import { Trim } from '../../../common/validation/fields';

export class ChangePasswordDto {
  @IsString()
  @MaxLength(1000)
  currentPassword: string;

  /** 8 characters or more, at most 72 bytes in UTF-8, not one of the most common. */
  @NewPassword()
  newPassword: string;
}

export class ForgotPasswordDto {
  @Trim()
  @IsString()
  @MaxLength(254)
  email: string;
}

export class MailTokenDto {
  /** From the mail. */
  @Trim()
  @IsString()
  @MaxLength(200)
  token: string;
}

export class ResetPasswordDto extends MailTokenDto {
  /** 8 characters or more, at most 72 bytes in UTF-8, not one of the most common. */
  @NewPassword()
  newPassword: string;
}
