import { EmailField } from '../../../common/validation/account-fields';
import { Optional } from '../../../common/validation/fields';
import { AccountDto } from './profile.dto';

/** The profile, and for admins the account: e-mail, roles, isActive. */
export class UpdateUserDto extends AccountDto {
  /** Admins only. */
  @Optional()
  @EmailField()
  email?: string;
}
