import { EmailField, NewPassword } from '../../../common/validation/account-fields';
import { AccountDto } from './profile.dto';

export class CreateUserDto extends AccountDto {
  @EmailField()
  email: string;

  /** 8 characters or more, at most 72 bytes in UTF-8, not one of the most common. */
  @NewPassword()
  password: string;
}
